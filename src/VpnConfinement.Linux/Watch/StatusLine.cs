using VpnConfinement.Linux.Systemd;

namespace VpnConfinement.Linux.Watch;

/// <summary>
/// The line that the watcher says of itself ('systemctl status', 'vpn-confinement status'), told when it changes.
/// </summary>
internal sealed class StatusLine
{
    private string _told = "";
    private string? _peers;
    private string? _resolver;
    private string? _services;

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

    private void Tell()
    {
        var text = string.Join("; ", new[] { "watching", _peers, _resolver, _services }.OfType<string>());
        if (_told != text)
        {
            _told = text;
            ServiceManager.Status(text);
        }
    }
}
