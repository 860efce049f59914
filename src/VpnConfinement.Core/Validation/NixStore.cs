namespace VpnConfinement.Validation;

/// <summary>The store of Nix: everybody on the host can read it, whatever a mode there says.</summary>
internal static class NixStore
{
    /// <summary>Whether a file lies there.</summary>
    internal static bool Holds(string path) => path.StartsWith("/nix/store/", StringComparison.Ordinal);
}
