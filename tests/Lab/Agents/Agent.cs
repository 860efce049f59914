using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using VpnConfinement.Lab.Machines;

namespace VpnConfinement.Lab.Agents;

/// <summary>A systemd service of the machine whose process does what it is asked.</summary>
public sealed class Agent
{
    /// <summary>How a unit of the machine starts this program; its arguments follow.</summary>
    public const string Start = $"{Runtime}/dotnet {Program}/vpn-confinement-lab.dll";

    /// <summary>What such a unit needs in its environment.</summary>
    public static readonly string Settings = FormattableString.Invariant($"DOTNET_EnableDiagnostics=0 DOTNET_gcServer=0 DOTNET_TieredPGO=0 DOTNET_NOLOGO=1 {LabHost.SlownessVariable}={LabHost.Slowness}");

    private const string Runtime = "/opt/lab-dotnet";
    private const string Program = "/opt/lab";
    private static readonly TimeSpan Patience = LabHost.Patience(60);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    // A hundred tries at once take their time where the program is new to the processor.
    private static readonly TimeSpan ReplyPatience = LabHost.Patience(60);

    private readonly Machine _machine;

    public Agent(Machine machine, string name)
    {
        _machine = machine;
        Name = name;
    }

    public string Name { get; }

    public string Unit => $"{Name}.service";

    private string SocketPath => $"{_machine.Root}/var/lib/probe-{Name}/{AgentServer.SocketName}";

    /// <summary>Shows this program and the .NET runtime that it is running on to the machine.</summary>
    public static void Prepare(MachineImage image)
    {
        // RUNTIME/shared/Microsoft.NETCore.App/VERSION/
        var runtime = Path.GetFullPath(Path.Combine(System.Runtime.InteropServices.RuntimeEnvironment.GetRuntimeDirectory(), "../../.."));
        image.Bind(runtime, Runtime);
        image.Bind(AppContext.BaseDirectory.TrimEnd('/'), Program);
    }

    /// <summary>Adds the unit to the machine, with a user of its own and nothing said about networking.</summary>
    public static void Install(MachineImage image, string name)
    {
        image.AddUser(name);
        image.Write(UnitFile(name), UnitText(name, name, Serve(name)));
    }

    /// <summary>Adds one that runs as root to a machine that is up; systemd has to be told.</summary>
    public static Agent InstallAsRoot(Machine machine, string name)
    {
        File.WriteAllText(machine.Root + UnitFile(name), UnitText(name, "root", Serve(name)));
        return new Agent(machine, name);
    }

    /// <summary>Adds one to a machine that is up, with a user that it has and further settings; tell systemd.</summary>
    public static Agent InstallAs(Machine machine, string name, string user, string settings)
    {
        File.WriteAllText(machine.Root + UnitFile(name), UnitText(name, user, Serve(name)) + settings + "\n");
        return new Agent(machine, name);
    }

    /// <summary>Adds a service that stands in for daemons of the host, on Unix sockets at these paths, to a machine that is up.</summary>
    public static void InstallDaemons(Machine machine, string name, IEnumerable<string> paths) =>
        File.WriteAllText(machine.Root + UnitFile(name), UnitText(name, "root", $"daemons {string.Join(' ', paths)}"));

    /// <summary>Asks the service's process, waiting for it to come up.</summary>
    public AgentReply Ask(AgentRequest request)
    {
        using var socket = Reach();
        using var stream = new NetworkStream(socket);
        stream.Write(JsonSerializer.SerializeToUtf8Bytes(request));
        stream.Write("\n"u8);
        using var reader = new StreamReader(stream);
        var line = reader.ReadLine() ?? throw new InvalidOperationException($"{Unit} hung up");
        return JsonSerializer.Deserialize<AgentReply>(line) ?? throw new InvalidOperationException($"{Unit} answered null");
    }

    public AgentReply Get(IPAddress address, int port = 80) => Ask(new AgentRequest(AgentOperation.Get) { Address = $"{address}", Port = port });

    /// <summary>The same until it works, as for <see cref="GetInTime"/>.</summary>
    public AgentReply AskInTime(AgentRequest request) => InTime(() => Ask(request));

    /// <summary>
    /// Asks until there is an answer, whoever gives it. The first handshake of a tunnel takes seconds where a packet of
    /// it is lost (REKEY_TIMEOUT in WireGuard's paper, 5 s), and longer than one try lasts.
    /// </summary>
    public AgentReply GetInTime(IPAddress address, int port = 80) => InTime(() => Get(address, port));

    /// <summary>Connects until somebody answers, as for <see cref="GetInTime"/>.</summary>
    public AgentReply ConnectInTime(IPAddress address, int port) => InTime(() => Connect(address, port));

    /// <summary>Looks a name up until there is an answer, as for <see cref="GetInTime"/>.</summary>
    public AgentReply ResolveInTime(string name) => InTime(() => Resolve(name));

    public AgentReply Query(IPAddress server, string name, bool stream = false) =>
        Ask(new AgentRequest(AgentOperation.Query) { Address = $"{server}", Port = 53, Name = name, Stream = stream });

    public AgentReply Resolve(string name) => Ask(new AgentRequest(AgentOperation.Resolve) { Name = name });

    public AgentReply Connect(IPAddress address, int port) => Ask(new AgentRequest(AgentOperation.Connect) { Address = $"{address}", Port = port });

    public AgentReply Send(IPAddress address, int port) => Ask(new AgentRequest(AgentOperation.Send) { Address = $"{address}", Port = port });

    public AgentReply Listen(int port) => Ask(new AgentRequest(AgentOperation.Listen) { Port = port });

    private static string UnitFile(string name) => $"/etc/systemd/system/{name}.service";

    private static string Serve(string name) => $"agent /var/lib/probe-{name}";

    private static string UnitText(string name, string user, string command) => $"""
        [Unit]
        Description=A service that does as it is told ({name})

        [Service]
        Type=exec
        User={user}
        Group={user}
        StateDirectory=probe-{name}
        Environment={Settings}
        ExecStart={Start} {command}

        """;

    // Any answer ends it: a wrong one is not waited away.
    private static AgentReply InTime(Func<AgentReply> ask)
    {
        var clock = Stopwatch.StartNew();
        while (true)
        {
            AgentReply reply;
            try
            {
                reply = ask();
            }
            catch (Exception e) when (e is InvalidOperationException or IOException)
            {
                // It may just be on its way to run again.
                reply = AgentReply.Silence(e.Message);
            }

            if (reply.Ok || clock.Elapsed > Patience)
            {
                return reply;
            }

            Thread.Sleep(Pause);
        }
    }

    private Socket Reach()
    {
        var clock = Stopwatch.StartNew();
        while (true)
        {
            var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified) { ReceiveTimeout = (int)ReplyPatience.TotalMilliseconds };
            try
            {
                socket.Connect(new UnixDomainSocketEndPoint(SocketPath));
                return socket;
            }
            catch (SocketException e)
            {
                socket.Dispose();
                var state = _machine.UnitState(Unit);
                if (clock.Elapsed > Patience || state is not ("active" or "activating" or "reloading"))
                {
                    throw new InvalidOperationException($"{Unit} does not answer ({e.SocketErrorCode}); it is {state}", e);
                }

                Thread.Sleep(50);
            }
        }
    }
}
