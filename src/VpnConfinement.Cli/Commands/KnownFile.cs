using VpnConfinement.Plan;

namespace VpnConfinement.Cli.Commands;

/// <summary>A file that manual pages name.</summary>
/// <param name="Path">Its path.</param>
/// <param name="Meaning">What it holds, as a clause.</param>
internal sealed record KnownFile(string Path, string Meaning)
{
    /// <summary>What the user writes.</summary>
    internal static IReadOnlyList<KnownFile> Configuration { get; } =
    [
        new(ConfigSource.DefaultFile, "the configuration"),
        new("/etc/vpn-confinement/conf.d/*.toml", "more of it, read in the order of their names"),
    ];

    /// <summary>What was applied.</summary>
    internal static IReadOnlyList<KnownFile> State { get; } =
    [
        new(StateLayout.StateFolder, "what was applied: generations, plans, rulesets, copies of keys"),
        new(StateLayout.RunFolder, "what is for this boot only; NAMESPACE.env has names and addresses for other units"),
    ];

    /// <summary>Where units and drop-ins are installed.</summary>
    internal static KnownFile Units { get; } =
        new(StateLayout.UnitFolder, "units and drop-ins of vpn-confinement, beside those of the system");
}
