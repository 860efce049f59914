using VpnConfinement.State;
using VpnConfinement.Text;

namespace VpnConfinement.Validation;

/// <summary>
/// VPC086 and VPC113: a user that a confined service shares with processes outside its namespace. By /proc it reaches
/// what those see, unless it has a user namespace of its own (<see cref="UserSeparation"/>).
/// </summary>
public static class SharedUser
{
    // More names than this say nothing more.
    private const int MostNamed = 3;

    /// <summary>
    /// Whether the host's other services have to be looked at, because one of these has a user that others may have.
    /// </summary>
    public static bool Matters(IEnumerable<UnitFact> services, HostUsers users) =>
        services.OfType<UnitFact.Present>().Any(s => Of(s.RealName, UnitSettings.Read(s.Texts), users) is not null);

    internal static void Check(ServiceUnit service, HostUnits host, HostFacts facts)
    {
        if (UserSeparation.IsClosed(service, host, facts) || Others(service, host, facts) is not { Count: > 0 } others)
        {
            return;
        }

        var user = Visible.Text(Of(service.RealName, service.Settings, facts.Users)!);
        var shown = string.Join(", ", others.Take(MostNamed)) + (others.Count > MostNamed ? " and others" : "");
        var because = UserSeparation.Obstacle(service, facts) is { } obstacle ? $" It {Visible.Text(obstacle)}." : "";
        service.Weak(
            "VPC086", "VPC113",
            $"{service.Unit} runs as {user}, as {shown} outside the namespace; by /proc it reaches what those see."
            + because,
            $"Give it a user of its own, or DynamicUser=yes, with 'systemctl edit {service.Unit}'.");
    }

    /// <summary>What runs as the user of a service outside its namespace: services, its manager, logins.</summary>
    internal static IReadOnlyList<string> Others(ServiceUnit service, HostUnits host, HostFacts facts)
    {
        if (Of(service.RealName, service.Settings, facts.Users) is not { } user)
        {
            return [];
        }

        var key = facts.Users.Key(user);
        return [.. host.OutsideWithUser(key, service.Namespace?.Name.Value), .. facts.Users.Sessions(key)];
    }

    /// <summary>
    /// The user of a service that others may have as well; null for root, for a user that systemd makes for it alone,
    /// and where it cannot be told. A name that the unit gives its dynamic user itself may be another unit's too
    /// (systemd.exec(5), DynamicUser=).
    /// </summary>
    internal static string? Of(string unit, UnitSettings settings, HostUsers users) =>
        settings.Last("Service", "User") is { } written
        && UnitSpecifiers.Expand(written, unit) is { Length: > 0 } user
        && users.Number(user) != 0
            ? user
            : null;
}
