using System.Net;
using System.Net.Sockets;
using VpnConfinement.Lab.Agents;
using VpnConfinement.Lab.Capture;
using VpnConfinement.Lab.Interop;
using VpnConfinement.Lab.Machines;
using VpnConfinement.Lab.Processes;
using VpnConfinement.Lab.Worlds;

namespace VpnConfinement.Lab.Scenarios;

/// <summary>A machine with the program under test installed, the world that it is plugged into, and captures of its traffic.</summary>
public sealed class Laboratory : IDisposable
{
    public const string Product = "/usr/bin/vpn-confinement";
    public const string ProviderFile = "/etc/wireguard/provider.conf";
    public const string ConfigFile = "/etc/vpn-confinement/config.toml";
    public const string Namespace = "media";
    public const string TunnelUnit = "wireguard-wg0.service";
    public const int PublishedPort = 9091;

    private const string Config = """
        [namespaces.media]
        wireguard.configFile = "/etc/wireguard/provider.conf"
        publishToHost.tcp = [9091]

        [services.downloader.vpn]
        namespace = "media"

        """;

    // A machine that is late to end has its name and its control group to itself.
    private static int _count;

    private readonly Stack<IDisposable> _parts = new();
    private readonly string _binary;
    private readonly Lock _lock = new();
    private bool _disposed;

    /// <summary>Checks what the lab needs; nothing is started yet.</summary>
    /// <param name="binary">The program under test.</param>
    public Laboratory(string binary)
    {
        if (Libc.EffectiveUser() != 0)
        {
            throw new InvalidOperationException("The lab needs root: it makes network namespaces and boots a container.");
        }

        if (!File.Exists(binary))
        {
            throw new FileNotFoundException($"The program under test is not at {binary}.");
        }

        foreach (var program in (string[])["unshare", "nsenter", "systemd-nspawn", "ip", "nft", "wg", .. LabHost.HasKernelWireGuard ? (string[])[] : ["wireguard-go"]])
        {
            _ = Command.Find(program);
        }

        _binary = Path.GetFullPath(binary);
    }

    public Machine Machine { get; private set; } = null!;

    public World World { get; private set; } = null!;

    /// <summary>The service that is to be confined.</summary>
    public Agent Downloader { get; private set; } = null!;

    /// <summary>A service that nobody confines.</summary>
    public Agent Ordinary { get; private set; } = null!;

    /// <summary>The capture on the world's end of the uplink.</summary>
    public Sniffer Uplink { get; private set; } = null!;

    /// <summary>The capture on the provider's own uplink: what comes out of its end of the tunnel.</summary>
    public Sniffer ProviderUplink { get; private set; } = null!;

    /// <summary>The capture on every link of the machine's own network.</summary>
    public Sniffer Host { get; private set; } = null!;

    internal NetworkNamespace HostPlace { get; private set; } = null!;

    /// <summary>The machine's networking before anything was applied.</summary>
    public NetworkSnapshot? Before { get; set; }

    /// <summary>Set by the step that stops a working tunnel, for the one that then watches the uplink.</summary>
    public bool TunnelWasStopped { get; set; }

    /// <summary>Boots everything.</summary>
    public void Start()
    {
        var image = Keep(new MachineImage($"vpnc-lab-{Environment.ProcessId}-{Interlocked.Increment(ref _count)}"));
        image.Write("/etc/resolv.conf", $"nameserver {Addresses.OrdinaryResolver}\noptions timeout:1 attempts:2\n");
        image.Install(_binary, Product);
        image.Install(_binary + "-gate", Product + "-gate");
        image.Write(ConfigFile, Config);
        Agent.Prepare(image);
        Agent.Install(image, "downloader");
        Agent.Install(image, "ordinary");

        World = Keep(World.Create());
        ProviderUplink = Keep(new Sniffer(World.Internet, World.ProviderPeer));
        // Takes the control packets, so that they are not answered by an error.
        var sink = Keep(Sockets.Open(World.Internet, AddressFamily.InterNetwork, SocketType.Dgram));
        sink.Bind(new IPEndPoint(Addresses.Web, UplinkPolicy.ControlPort));
        PlugIn();
        Machine = Keep(Machine.Boot(image, HostPlace));
        Machine.Run("mkdir", "-p", "-m", "700", "/etc/wireguard").OrThrow();
        File.WriteAllText(Machine.Root + ProviderFile, World.Provider.CustomerFile);
        File.SetUnixFileMode(Machine.Root + ProviderFile, UnixFileMode.UserRead | UnixFileMode.UserWrite);

        Downloader = new Agent(Machine, "downloader");
        Ordinary = new Agent(Machine, "ordinary");
    }

    /// <summary>Boots the machine again after it went down, in a new network that is watched from before it boots.</summary>
    public UplinkWatch BootAgain()
    {
        PlugIn();
        var watch = UplinkWatch.Begin(this);
        Machine.BootAgain(HostPlace);
        return watch;
    }

    /// <summary>Runs the program under test inside the machine.</summary>
    public CommandResult RunProduct(params ReadOnlySpan<string> arguments) =>
        Machine.Run(["/usr/bin/env", "LC_ALL=C.UTF-8", Product, .. arguments]);

    /// <summary>An address of the host link, from the environment file that the product leaves for other units.</summary>
    public IPAddress HostLinkAddress(string side)
    {
        var key = $"VPN_HOSTLINK_{side}_ADDRESS=";
        var line = Machine.ReadFile($"/run/vpn-confinement/{Namespace}.env").Split('\n').FirstOrDefault(text => text.StartsWith(key, StringComparison.Ordinal))
            ?? throw new InvalidOperationException($"{Namespace}.env has no line {key}");
        return IPAddress.Parse(line[key.Length..].Trim('"'));
    }

    /// <summary>Tries a TCP connection from the outside world; null is success, else the error.</summary>
    public string? ConnectFromWorld(IPAddress address, int port)
    {
        try
        {
            using var socket = World.Internet.Inside(() => new TrySocket(KernelAddress.Family(address), Libc.SOCK_STREAM, 0, ""));
            socket.Connect(address, port);
            return null;
        }
        catch (TryFailedException e)
        {
            return e.Error;
        }
    }

    /// <summary>Ends everything; safe to call twice and from a signal's thread.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            _disposed = true;
            while (_parts.TryPop(out var part))
            {
                part.Dispose();
            }
        }
    }

    private void PlugIn()
    {
        HostPlace = Keep(World.PlugIn());
        Uplink = Keep(new Sniffer(World.Internet, World.UplinkPeer));
        Host = Keep(new Sniffer(HostPlace, null));
    }

    private T Keep<T>(T part)
        where T : IDisposable
    {
        lock (_lock)
        {
            if (_disposed)
            {
                part.Dispose();
                throw new ObjectDisposedException(nameof(Laboratory));
            }

            _parts.Push(part);
            return part;
        }
    }
}
