using VpnConfinement.Linux.Systemd;
using VpnConfinement.Validation;

namespace VpnConfinement.Linux.Facts;

/// <summary>Asks the running systemd what it is.</summary>
public static class SystemdFactReader
{
    private const string Framework = "BPF_FRAMEWORK";

    /// <summary>What runs here; null where none runs, or it does not say.</summary>
    public static SystemdFact? Read() => Systemctl.VersionText() is { } text ? Parse(text) : null;

    /// <summary>Reads what <c>systemctl --version</c> prints; null where it does not name the framework, be it with + or with -.</summary>
    /// <exception cref="SystemFailure">The text has no version.</exception>
    public static SystemdFact? Parse(string text)
    {
        var features = text.Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries);
        return features.Contains("+" + Framework) || features.Contains("-" + Framework)
            ? new SystemdFact(Systemctl.ParseVersion(text), features.Contains("+" + Framework))
            : null;
    }
}
