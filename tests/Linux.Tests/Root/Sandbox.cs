using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;

namespace VpnConfinement.Linux.Tests.Root;

/// <summary>
/// The test process starts itself anew inside a network and a mount namespace of its own, with an empty /run, an empty state folder and a resolver on loopback:
/// what the code takes for the host is that, and the machine is not touched. Without root it stays where it is and the root tests fail.
/// </summary>
internal static unsafe partial class Sandbox
{
    private const string Mark = "VPNC_TEST_SANDBOX";

    internal static void Require()
    {
        if (Environment.GetEnvironmentVariable(Mark) != "1")
        {
            throw new InvalidOperationException("this test must run as root: it makes network namespaces");
        }
    }

    [ModuleInitializer]
    internal static void Enter()
    {
        if (geteuid() != 0 || Environment.GetEnvironmentVariable(Mark) == "1")
        {
            return;
        }

        const string Prepare =
            "mount -t tmpfs tmpfs /run && mkdir /run/lock && mount -t tmpfs tmpfs /var/lib && mkdir /var/lib/vpn-confinement && echo nameserver 127.0.0.1 > /run/resolv.conf && mount --bind /run/resolv.conf /etc/resolv.conf && ip link set lo up && exec \"$@\"";
        var own = File.ReadAllBytes("/proc/self/cmdline");
        var arguments = Encoding.UTF8.GetString(own).TrimEnd('\0').Split('\0');
        arguments[0] = Environment.ProcessPath!;
        Environment.SetEnvironmentVariable(Mark, "1");
        var environment = Environment.GetEnvironmentVariables().Cast<System.Collections.DictionaryEntry>().Select(e => $"{e.Key}={e.Value}").ToArray();
        string[] command = ["unshare", "--net", "--mount", "--propagation", "private", "--", "/bin/sh", "-c", Prepare, "sh", .. arguments];
        Execute("/usr/bin/unshare", command, environment);
        throw new InvalidOperationException($"cannot start the tests in a sandbox: errno {Marshal.GetLastPInvokeError()}");
    }

    private static void Execute(string path, string[] arguments, string[] environment)
    {
        var argv = Pointers(arguments);
        var envp = Pointers(environment);
        fixed (nint* a = argv)
        fixed (nint* e = envp)
        {
            _ = execve(path, a, e);
        }
    }

    private static nint[] Pointers(string[] texts) => [.. texts.Select(Marshal.StringToCoTaskMemUTF8), 0];

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int execve(string path, nint* arguments, nint* environment);

    [LibraryImport("libc")]
    private static partial uint geteuid();
}
