using System.CommandLine;
using VpnConfinement.Linux.Watch;

namespace VpnConfinement.Cli.Commands;

/// <summary><c>watch</c>: what the watchers run.</summary>
internal static class WatchCommand
{
    internal static Command Create() => UnitVerb.Create(
        "watch", "See what others change in a namespace, repair it, and tell how its tunnel does; run by vpn-confinement-watch@NAMESPACE.service", Watcher.Run);
}
