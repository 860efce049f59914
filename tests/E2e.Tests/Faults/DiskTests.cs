namespace VpnConfinement.E2e.Tests.Faults;

/// <summary>The disk is really full, or mounted read-only, where 'apply' and 'remove' write.</summary>
[Trait("guarantees", "S-29")]
public sealed class DiskTests(FaultMachine machine, ITestOutputHelper output) : IClassFixture<FaultMachine>
{
    // More files than a change ever makes.
    private const int MostFiles = 40;

    private static readonly bool IsFull = Environment.GetEnvironmentVariable("VPNC_FULL") == "1";

    public static TheoryData<string> Changes => [.. FaultChange.Tried.Select(c => c.Id)];

    [Theory]
    [MemberData(nameof(Changes))]
    public void On_a_read_only_disk_it_says_so_and_leaves_nothing_unconfined(string id)
    {
        TryAll(FaultChange.Of(id), "read-only", Choose([[ReadOnly("/etc")], [ReadOnly("/var/lib")]], id is "first-apply" or "services" or "remove" ? 0 : 1));
    }

    [Theory]
    [InlineData("first-apply", FaultMachine.State)]
    [InlineData("first-apply", FaultMachine.Units)]
    [InlineData("port", FaultMachine.State)]
    [InlineData("services", FaultMachine.Units)]
    [InlineData("remove", FaultMachine.State)]
    public void On_a_full_disk_it_says_so_and_leaves_nothing_unconfined(string id, string folder)
    {
        // Room for one file more each time, until there is enough.
        int[] steps = IsFull ? [.. Enumerable.Range(0, MostFiles)] : [3];
        TryAll(FaultChange.Of(id), $"full {folder}", Choose(
            [
                [.. steps.Select(n => Full(folder, $"{n} files free", $"nr_inodes=$(($(find {folder} | wc -l) + {n}))"))],
                [Full(folder, "no bytes free", $"size=$(u=$(df --output=used -B1 {folder} | tail -1); [ $u -gt 0 ] && echo $u || echo 4096)")],
            ],
            id == "first-apply" ? 0 : 1));
    }

    private static IReadOnlyList<FaultPoint[]> Choose(IReadOnlyList<FaultPoint[]> series, int offset) => IsFull ? series : [series[offset % series.Count]];

    private static FaultPoint ReadOnly(string folder) => new($"{folder} read-only", 1, "", folder)
    {
        Setup = $"mount --bind {folder} {folder} && mount -o remount,bind,ro {folder}",
        Lift = MachineState.Unmount(folder),
        // Where the run was not judged.
        End = $"if grep -q ' {folder} ro,' /proc/self/mountinfo; then {MachineState.Unmount(folder)}\nfi",
    };

    private static FaultPoint Full(string folder, string how, string limit) => new($"{folder} {how}", 1, "", folder)
    {
        Setup = $"set -e; mkdir -p {folder}; rm -rf /run/fault.copy; cp -a {folder} /run/fault.copy; mount -t tmpfs -o size=50m,mode=755 tmpfs {folder}; cp -a /run/fault.copy/. {folder}/; mount -o remount,{limit} {folder}",
        Lift = $"mount -o remount,size=50m,nr_inodes=10000 {folder}",
        // What is on it goes to where it would have been without it.
        End = $"set -e; systemctl stop {FaultMachine.AllServices}; rm -rf /run/fault.copy; cp -a {folder} /run/fault.copy; {MachineState.Unmount(folder)}; find {folder} -mindepth 1 -delete; cp -a /run/fault.copy/. {folder}/; systemctl daemon-reload",
    };

    // Of each series, up to the first point that the run gets past.
    private void TryAll(FaultChange change, string family, IReadOnlyList<FaultPoint[]> series)
    {
        var log = new FaultLog($"{change.Id} {family}", output);
        var idle = new List<FaultPoint>();
        foreach (var points in series)
        {
            foreach (var point in points)
            {
                machine.Begin(change);
                try
                {
                    var trial = new FaultTrial(machine, change, point);
                    if (log.Try(change, point, trial, trial.Run)?.StartsWith(FaultTrial.WentOn, StringComparison.Ordinal) is true)
                    {
                        idle.Add(point);
                        break;
                    }
                }
                finally
                {
                    machine.End(point);
                }
            }
        }

        log.Finish(!IsFull);
        Assert.True(IsFull || idle.Count == 0, $"of no account: {string.Join(", ", idle)}");
    }
}
