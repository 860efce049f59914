using VpnConfinement.Lab.Agents;
using VpnConfinement.Lab.Scenarios;

namespace VpnConfinement.E2e.Tests;

/// <summary>A machine with services of every profile, user and filter of system calls, all confined, and one that is not.</summary>
public sealed class IsolationMachine : IDisposable
{
    private const string Strict = "hardeningProfile = \"strict\"\nallowJit = true";
    private const string Everything = "SystemCallFilter=@system-service";

    public IsolationMachine()
    {
        Host = new BadHostFixture(isShared: true);
        try
        {
            Free = Agent.InstallAsRoot(Host.Laboratory.Machine, "free");
            foreach (var one in Cases)
            {
                Agent.InstallAs(Host.Laboratory.Machine, one.Name, one.User, one.Settings);
            }

            var tables = Cases.Select(one => $"\n[services.{one.Name}.vpn]\nnamespace = \"media\"\n{one.Options}\n");
            Host.Write(Laboratory.ConfigFile, Host.Config + string.Concat(tables));
            Host.Shell("systemctl daemon-reload; systemctl start free").OrThrow();
            Host.Product("apply").OrThrow();
        }
        catch
        {
            Host.Dispose();
            throw;
        }
    }

    /// <summary>The confined services.</summary>
    internal static IReadOnlyList<IsolationCase> Cases { get; } =
    [
        new("kept", "downloader", "", ""),
        new("strict-kept", "downloader", "", Strict),
        new("root", "root", "", ""),
        new("strict-root", "root", "", Strict),
        new("kills", "downloader", Everything, ""),
        new("says-eperm", "downloader", Everything + "\nSystemCallErrorNumber=EPERM", ""),
        new("says-eacces", "downloader", Everything + "\nSystemCallErrorNumber=EACCES", Strict),
        new("wants", "downloader", Everything + " @keyring io_uring_setup\nSystemCallArchitectures=native x86 x32", ""),
        new("denies", "root", "SystemCallFilter=~@keyring @mount\nSystemCallErrorNumber=ENOSYS", ""),
        new("takes-away", "downloader", Everything + "\nSystemCallFilter=~@keyring", ""),
        new("rings", "downloader", "", "allow = [\"ioUring\"]"),
        new("strict-rings", "root", "", Strict + "\nallow = [\"ioUring\"]"),
        new("keys", "downloader", "", "allow = [\"keyring\"]"),
        new("foreign", "downloader", "", "allow = [\"foreignArchitectures\"]"),
    ];

    public BadHostFixture Host { get; }

    /// <summary>Root and not confined.</summary>
    public Agent Free { get; }

    public void Dispose() => Host.Dispose();
}
