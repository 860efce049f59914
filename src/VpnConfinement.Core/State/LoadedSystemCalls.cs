namespace VpnConfinement.State;

/// <summary>
/// Compares the system calls that systemd refuses a confined service with those that its drop-in refuses (S-33): a later
/// drop-in can clear a list, or add to it. What is stricter than the drop-in is no difference.
/// </summary>
internal static class LoadedSystemCalls
{
    private const string Filter = "SystemCallFilter";
    private const string Architectures = "SystemCallArchitectures";

    /// <summary>The properties to ask systemd for.</summary>
    internal static IReadOnlyList<string> Properties { get; } = [Filter, Architectures];

    /// <summary>The first difference, as a sentence without its end; null where there is none.</summary>
    /// <param name="dropIn">The unit's drop-in as it was applied.</param>
    /// <param name="loaded">What systemd says.</param>
    internal static string? Difference(UnitSettings dropIn, IReadOnlyDictionary<string, string> loaded)
    {
        if (!loaded.TryGetValue(Filter, out var filter) || !loaded.TryGetValue(Architectures, out var architectures))
        {
            return $"{Filter} or {Architectures} is not known";
        }

        // Seen on systemd 252, 257 and 262: '~' is no filter; '~NAME:ERROR NAME' is what is refused; without a tilde it is
        // what is allowed, less what is refused of it by name.
        var isDeny = filter.StartsWith('~');
        var words = filter.TrimStart('~').Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var listed = words.Select(w => w.Split(':')[0]).ToHashSet(StringComparer.Ordinal);
        if (Refused(dropIn).FirstOrDefault(call => (isDeny || filter.Length == 0) != listed.Contains(call)) is { } call)
        {
            return $"{Filter} does not refuse {call}";
        }

        return dropIn.Last("Service", Architectures) is { } wanted && architectures != wanted
            ? $"{Architectures} is '{architectures}' and not '{wanted}'"
            : null;
    }

    // Groups (@mount) are hardening, and what they hold differs between versions of systemd.
    private static IEnumerable<string> Refused(UnitSettings dropIn) =>
        from line in dropIn.All("Service", Filter)
        where line.StartsWith('~')
        from word in line[1..].Split(' ', StringSplitOptions.RemoveEmptyEntries)
        where !word.StartsWith('@')
        select word.Split(':')[0];
}
