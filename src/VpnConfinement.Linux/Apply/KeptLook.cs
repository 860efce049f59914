using VpnConfinement.Drift;
using VpnConfinement.State;

namespace VpnConfinement.Linux.Apply;

/// <summary>Looks at what is kept to go back to.</summary>
internal static class KeptLook
{
    /// <summary>Looks.</summary>
    internal static KeptState At(Manifest applied)
    {
        var (backTo, pendingDamage) = BackTo();
        return new KeptState
        {
            Applied = applied.Generation,
            AppliedDamage = GenerationStore.Damage(applied),
            BackTo = backTo,
            BackToDamage = backTo > 0 ? GenerationStore.Unusable(backTo) : null,
            PendingDamage = pendingDamage,
            Damaged =
            [
                .. from number in GenerationStore.Numbers()
                   let damage = GenerationStore.DamageOf(number)
                   where damage is not null
                   select (number, damage),
            ],
        };
    }

    private static (int Number, string? Damage) BackTo()
    {
        try
        {
            return (Confirmation.Pending()?.BackTo ?? 0, null);
        }
        catch (SystemFailure e)
        {
            return (0, e.Message);
        }
    }
}
