namespace VpnConfinement.Core.Tests.Validation;

/// <summary>A configuration that breaks one rule, and the nearest one that does not.</summary>
/// <param name="Code">The finding.</param>
/// <param name="Path">Option path of the finding.</param>
/// <param name="At">What the configuration says at the finding's place.</param>
/// <param name="Broken">The first.</param>
/// <param name="Kept">The second.</param>
internal sealed record Rule(string Code, string Path, string At, Checked Broken, Checked Kept)
{
    /// <summary>A rule of the namespace m alone.</summary>
    internal static Rule OfNamespace(string code, string option, string at, string broken, string kept) => new(code, "namespaces.m." + option, at, Checked.One(broken), Checked.One(kept));

    /// <summary>A rule of its interface.</summary>
    internal static Rule OfInterface(string code, string option, string at, string broken, string kept, string ns = "") =>
        new(code, "wireguard.interfaces.wg0." + option, at, Checked.One(ns, broken), Checked.One(ns, kept));

    /// <summary>A rule of its only peer.</summary>
    internal static Rule OfPeer(string code, string option, string at, string broken, string kept, string ns = "", string wireGuard = "") =>
        new(code, "wireguard.interfaces.wg0.peers[0]." + option, at, Checked.One(ns, wireGuard, broken), Checked.One(ns, wireGuard, kept));

    /// <summary>A rule between the namespaces m and o: the latter stands below and has the finding.</summary>
    internal static Rule Between(string code, string option, string at, string first, string broken, string kept, string wireGuard = "") =>
        new(code, "namespaces.o." + option, at, Two(first, broken, wireGuard), Two(first, kept, wireGuard));

    private static Checked Two(string first, string second, string wireGuard) => Checked.Run(Checked.Namespace("m", "wg0", first) + Checked.Namespace("o", "wg1", second, wireGuard));
}
