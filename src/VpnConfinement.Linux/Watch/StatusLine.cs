using VpnConfinement.Linux.Systemd;

namespace VpnConfinement.Linux.Watch;

/// <summary>
/// The line that the watcher says of itself ('systemctl status', 'vpn-confinement status'), told when it changes.
/// </summary>
internal sealed class StatusLine
{
    private string _told = "";
    private string? _peers;
    private string? _services;

    /// <summary>What there is to say of the peers, or null.</summary>
    internal void Peers(string? text) => Tell(_peers = text, _services);

    /// <summary>What there is to say of the services, or null.</summary>
    internal void Services(string? text) => Tell(_peers, _services = text);

    private void Tell(string? peers, string? services)
    {
        var text = string.Join("; ", new[] { "watching", peers, services }.OfType<string>());
        if (_told != text)
        {
            _told = text;
            ServiceManager.Status(text);
        }
    }
}
