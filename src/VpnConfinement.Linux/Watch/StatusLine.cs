using VpnConfinement.Linux.Systemd;

namespace VpnConfinement.Linux.Watch;

/// <summary>
/// The line that the watcher says of itself ('systemctl status', 'vpn-confinement status'), told when it changes.
/// </summary>
internal sealed class StatusLine
{
    /// <summary>How what there is to say of contested parts begins.</summary>
    internal const string Degraded = "degraded: ";

    private string _told = "";
    private string? _peers;
    private string? _resolver;
    private string? _services;
    private string? _contested;

    /// <summary>What there is to say of the peers, or null.</summary>
    internal void Peers(string? text)
    {
        _peers = text;
        Tell();
    }

    /// <summary>What there is to say of the resolvers, or null.</summary>
    internal void Resolver(string? text)
    {
        _resolver = text;
        Tell();
    }

    /// <summary>What there is to say of the services, or null.</summary>
    internal void Services(string? text)
    {
        _services = text;
        Tell();
    }

    /// <summary>The parts that somebody changes again after each repair, or null.</summary>
    internal void Contested(string? parts)
    {
        _contested = parts is null ? null
            : $"{Degraded}{parts} changed again after each repair, and repaired ever less often";
        Tell();
    }

    private void Tell()
    {
        string?[] texts = ["watching", _contested, _peers, _resolver, _services];
        var text = string.Join("; ", texts.OfType<string>());
        if (_told != text)
        {
            _told = text;
            ServiceManager.Status(text);
        }
    }
}
