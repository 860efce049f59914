using System.Globalization;
using System.Text.Json;
using VpnConfinement.Compile;
using VpnConfinement.Linux.Files;
using VpnConfinement.Plan;
using VpnConfinement.State;

namespace VpnConfinement.Linux.Apply;

/// <summary>The generations that are kept on this host.</summary>
public static class GenerationStore
{
    /// <summary>How many are kept.</summary>
    public const int Kept = 10;

    private const string OtherVersion = "was made by another version of vpn-confinement";

    /// <summary>Their numbers, ascending; whether each can be read is not known yet.</summary>
    public static IReadOnlyList<int> Numbers() => !Directory.Exists(StateLayout.GenerationFolder) ? [] :
        [.. Directory.EnumerateFiles(StateLayout.GenerationFolder).Select(p => int.TryParse(Path.GetFileName(p), NumberStyles.None, CultureInfo.InvariantCulture, out var n) ? n : 0).Where(n => n > 0).Order()];

    /// <summary>Reads one.</summary>
    /// <exception cref="SystemFailure">It is missing or damaged, or was made by another version of this program.</exception>
    public static Generation Load(int number)
    {
        try
        {
            return GenerationJson.Read(RegularFile.ReadBytes(StateLayout.Generation(number)));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Unusable(number, "cannot be read", e);
        }
        catch (JsonException e)
        {
            throw Unusable(number, "is damaged", e);
        }
        catch (NotSupportedException e)
        {
            throw Unusable(number, OtherVersion, e);
        }
    }

    /// <summary>The one to which going back from another leads: the one that was applied before it, or the next lower one where that is not kept. 0 for none.</summary>
    public static int Before(int number)
    {
        var previous = number - 1;
        try
        {
            previous = Load(number).Previous;
        }
        catch (SystemFailure)
        {
            // What came before it is not known: the numbers ascend.
        }

        return Numbers().LastOrDefault(n => n <= previous);
    }

    /// <summary>What to apply to have one back.</summary>
    /// <exception cref="SystemFailure">As <see cref="Load"/>.</exception>
    public static CompiledTree LoadTree(int number)
    {
        try
        {
            return Load(number).ToTree(FormerKeys.Find);
        }
        catch (Exception e) when (e is JsonException or NotSupportedException)
        {
            throw Unusable(number, OtherVersion, e);
        }
    }

    /// <summary>What is wrong with the one that was applied last, or null. It matters only for going back to it.</summary>
    public static string? Damage(Manifest applied)
    {
        try
        {
            return applied.Generation == 0 || Load(applied.Generation).Number == applied.Generation ? null : $"{StateLayout.Generation(applied.Generation)} is another one";
        }
        catch (SystemFailure e)
        {
            return e.Message;
        }
    }

    /// <summary>What is damaged about a kept one, or null: one that another version made is whole, and only of no use to this one.</summary>
    internal static string? DamageOf(int number)
    {
        try
        {
            return Load(number).Number == number ? null : $"{StateLayout.Generation(number)} is another one";
        }
        catch (SystemFailure e)
        {
            return e.InnerException is NotSupportedException ? null : e.Message;
        }
    }

    /// <summary>Why there is no going back to one, or null.</summary>
    internal static string? Unusable(int number)
    {
        try
        {
            _ = LoadTree(number);
            return null;
        }
        catch (SystemFailure e)
        {
            return e.Message;
        }
    }

    /// <summary>Keeps a tree, before anything of it is installed: beside the others until <see cref="Commit"/>, since what is cut short is nothing to go back to.</summary>
    /// <returns>Its number: that of what is applied where that is the same, a new one otherwise.</returns>
    /// <exception cref="SystemFailure">It cannot be written.</exception>
    internal static int Keep(Manifest applied, CompiledTree tree, DateTimeOffset now)
    {
        if (applied.Generation > 0 && IsKept(applied.Generation, tree))
        {
            return applied.Generation;
        }

        AtomicFile.CreateFolder(StateLayout.GenerationFolder, AtomicFile.SecretFolderMode);
        var number = Numbers().Append(applied.Generation).Max() + 1;
        var previous = Damage(applied) is null ? applied.Generation : Before(applied.Generation);
        AtomicFile.Write(Begun(number), GenerationJson.Write(Generation.Of(number, previous, now, tree)), AtomicFile.SecretMode);
        return number;
    }

    /// <summary>Counts one that was kept among the others, at the end of its change.</summary>
    internal static void Commit(int number)
    {
        if (File.Exists(Begun(number)))
        {
            File.Move(Begun(number), StateLayout.Generation(number), overwrite: true);
            AtomicFile.FlushFolder(StateLayout.GenerationFolder);
        }
    }

    /// <summary>Deletes those that are damaged and the oldest, but never one of those named nor one to which going back from them leads, and the keys that none has.</summary>
    internal static void Prune(params int[] needed)
    {
        foreach (var number in Numbers().Except(needed).Where(n => DamageOf(n) is not null))
        {
            Delete(number);
        }

        var numbers = Numbers();
        // Gone back to again and again, it is the oldest before long.
        var kept = needed.Concat(needed.Where(n => n > 0).Select(Before)).ToList();
        foreach (var number in numbers.Take(Math.Max(0, numbers.Count - Kept)).Except(kept))
        {
            Delete(number);
        }

        var keys = new List<GenerationKey>();
        foreach (var number in Numbers())
        {
            try
            {
                keys.AddRange(Load(number).Keys);
            }
            catch (SystemFailure)
            {
                // Which keys a damaged one has is not known: none is deleted while it is kept.
                return;
            }
        }

        FormerKeys.Prune(ManifestStore.Load(), keys);
    }

    /// <summary>Deletes one.</summary>
    internal static void Delete(int number)
    {
        File.Delete(Begun(number));
        File.Delete(StateLayout.Generation(number));
    }

    /// <summary>Deletes all.</summary>
    internal static void DeleteAll()
    {
        if (Directory.Exists(StateLayout.GenerationFolder))
        {
            Directory.Delete(StateLayout.GenerationFolder, recursive: true);
        }
    }

    private static string Begun(int number) => StateLayout.Generation(number) + ".begun";

    private static bool IsKept(int number, CompiledTree tree)
    {
        try
        {
            var kept = Load(number);
            return GenerationJson.Write(kept).AsSpan().SequenceEqual(GenerationJson.Write(Generation.Of(number, kept.Previous, kept.Made, tree)));
        }
        catch (SystemFailure)
        {
            // Kept anew, under a number of its own.
            return false;
        }
    }

    private static SystemFailure Unusable(int number, string how, Exception e) => new(
        $"generation {number} ({StateLayout.Generation(number)}) {how}: {e.Message}", "'vpn-confinement rollback --list' shows the others; 'vpn-confinement apply' goes by the configuration", e);
}
