using VpnConfinement.Lab.Agents;
using VpnConfinement.Lab.Demo;

return args switch
{
    ["agent", var folder] => AgentServer.Run(folder),
    ["web", var port] => WebServer.Run(port),
    ["daemons", .. var paths] => DaemonServer.Run(paths),
    ["demo", "--binary", var binary] => DemoCommand.Run(binary, keep: false),
    ["demo", "--keep", "--binary", var binary] => DemoCommand.Run(binary, keep: true),
    ["demo", "--binary", var binary, "--keep"] => DemoCommand.Run(binary, keep: true),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine("usage: vpn-confinement-lab demo [--keep] --binary PATH");
    return 2;
}
