using VpnConfinement.Linux.Facts;
using VpnConfinement.Linux.Files;
using VpnConfinement.Linux.Interop;
using VpnConfinement.Linux.Netlink.WireGuard;
using VpnConfinement.Linux.Tests.Root;
using VpnConfinement.Validation;

namespace VpnConfinement.Linux.Tests.Files;

/// <summary>What is no regular file is neither waited for nor touched, and nothing changes between two looks.</summary>
[Trait("guarantees", "S-38")]
public sealed class RegularFileTests : IDisposable
{
    private const string Socket = "python3 -c 'import socket; socket.socket(socket.AF_UNIX).bind(\"FILE\")'";
    private const string Pipe = "it is a named pipe (FIFO), not a regular file";
    private static readonly TimeSpan AtOnce = TimeSpan.FromMinutes(1);

    private readonly string _folder = Directory.CreateTempSubdirectory("vpnc-file-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    public static TheoryData<string, string> Others => new()
    {
        { "mkfifo FILE", Pipe },
        { "ln -s /dev/zero FILE", "it is a character device, not a regular file" },
        { "ln -s /dev/null FILE", "it is a character device, not a regular file" },
        { "mkdir FILE", "it is a folder, not a regular file" },
        { Socket, "it is a socket, not a regular file" },
        { "truncate -s 2G FILE", "it is larger than 16 MiB, the most that such a file may have" },
        { "ln -s FILE FILE", "its symbolic links lead in a circle" },
        { "mkfifo FILE.pipe; ln -s FILE.pipe FILE.link; ln -s FILE.link FILE", Pipe },
    };

    [Theory]
    [MemberData(nameof(Others))]
    public async Task What_is_no_regular_file_is_refused_at_once(string make, string reason)
    {
        var path = Make(make);
        var failure = await Assert.ThrowsAsync<UnreadableFileException>(
            () => InTime(() => RegularFile.ReadBytes(path, RegularFile.MostText)));
        Assert.Equal((reason, $"{path} cannot be read: {reason}"), (failure.Reason, failure.Message));
    }

    [Theory]
    [MemberData(nameof(Others))]
    public async Task Neither_a_key_nor_a_record_is_read_from_it(string make, string reason)
    {
        var path = Make(make);
        var ofKey = await Assert.ThrowsAsync<SystemFailure>(
            () => InTime(() => WireGuardKey.ReadFile(path, "private key", _ => { })));
        var why = IsLarge(make) ? "it is larger than 4096 bytes" : reason;
        var said = $"the private key file {path} is no key file: {why}";
        Assert.StartsWith(said, ofKey.Message, StringComparison.Ordinal);
        Assert.NotNull(ofKey.Remedy);

        var ofRecord = await Assert.ThrowsAsync<SystemFailure>(() => InTime(() => StateFile.Read(path)));
        why = reason.Replace("16 MiB", "256 MiB", StringComparison.Ordinal);
        Assert.Equal($"{path} cannot be read: {why}", ofRecord.Message);
        Assert.Equal(UnreadableFileException.Remedy, ofRecord.Remedy);
    }

    [Theory]
    [MemberData(nameof(Others))]
    public async Task A_configuration_that_names_it_is_told_so(string make, string reason)
    {
        var path = Make(make);
        var facts = await InTime(() => new HostFactsReader("/").Read(new FactRequests([path], [], [])));
        Assert.Equal(reason, Assert.IsType<FileFact.Unreadable>(facts.File(path)).Reason);
        facts = await InTime(() => new HostFactsReader("/").Read(new FactRequests([], [path], [])));
        Assert.Equal(IsLarge(make) ? null : reason, (facts.File(path) as FileFact.Unreadable)?.Reason);
    }

    [Theory]
    [InlineData("ln -s /dev/zero FILE", false)]
    [InlineData("ln -s ../../../../../../../../../../dev/zero FILE", false)]
    [InlineData("mkdir ROOT/d; ln -s /d/file FILE; ln -s ../../../file ROOT/d/file; echo > ROOT/file", true)]
    [InlineData("mkdir ROOT/d; ln -s d FILE.d; ln -s /x.d/file FILE; echo > ROOT/d/file", true)]
    public async Task Below_another_root_a_link_leads_nowhere_else(string make, bool found)
    {
        Make(make.Replace("ROOT", _folder, StringComparison.Ordinal));
        foreach (var requests in new[] { new FactRequests(["/x"], [], []), new FactRequests([], ["/x"], []) })
        {
            var fact = (await Read(requests)).File("/x");
            Assert.Equal(found, fact is FileFact.Present);
            Assert.Equal(!found, fact is FileFact.Missing { LinkTo: not null });
        }
    }

    [Theory]
    [InlineData("mkfifo FILE")]
    [InlineData("ln -s /dev/zero FILE; mkdir -p ROOT/dev; mkfifo ROOT/dev/zero")]
    [InlineData(Socket)]
    [InlineData("truncate -s 2G FILE")]
    public async Task A_unit_or_a_drop_in_of_it_is_unreadable(string make)
    {
        var units = $"{_folder}/etc/systemd/system";
        foreach (var place in new[] { "app.service", "app.service.d/x.conf" })
        {
            Shell.Run($"rm -rf {_folder}/*; mkdir -p {units}/app.service.d; echo '[Service]' > {units}/app.service");
            File.Delete($"{units}/{place}");
            Shell.Run(make.Replace("FILE", $"{units}/{place}", StringComparison.Ordinal)
                .Replace("ROOT", _folder, StringComparison.Ordinal));
            var facts = await Read(new FactRequests([], [], ["app.service"]));
            var reason = Assert.IsType<UnitFact.Unreadable>(facts.Unit("app.service")).Reason;
            Assert.Matches($"({place}|dev/zero) cannot be read: it is", reason);
        }
    }

    [Fact]
    public void A_link_to_a_link_to_a_file_is_the_file()
    {
        Make("echo text > FILE.1; ln -s FILE.1 FILE.2; ln -s FILE.2 FILE; chmod 640 FILE.1");
        var path = _folder + "/x";
        using var file = RegularFile.Open(path);
        Assert.Equal(("text\n", true), (file.ReadText(100), file.OthersCanRead));
        var refused = Assert.Throws<UnreadableFileException>(() => RegularFile.OpenResolved(path));
        Assert.Equal("it is a symbolic link, not a regular file", refused.Reason);
    }

    [Theory]
    [InlineData("true", "FILE does not exist")]
    [InlineData("ln -s /nowhere/at/all FILE", "FILE is a symbolic link that leads to nothing")]
    public void What_is_not_there_is_missing_and_said_how(string make, string message)
    {
        var path = Make(make);
        Assert.Null(RegularFile.TryOpen(path));
        var missing = Assert.Throws<FileNotFoundException>(() => RegularFile.Open(path));
        Assert.Equal(message.Replace("FILE", path, StringComparison.Ordinal), missing.Message);
    }

    [Fact]
    public void A_file_is_read_whole_up_to_its_limit()
    {
        foreach (var size in new[] { 0, 1, 4096, 100_000 })
        {
            var path = Make($"head -c {size} /dev/urandom > FILE");
            Assert.Equal(File.ReadAllBytes(path), RegularFile.ReadBytes(path, size));
            if (size > 0)
            {
                var refused = Assert.Throws<UnreadableFileException>(() => RegularFile.ReadBytes(path, size - 1));
                Assert.Equal($"it is larger than {size - 1} bytes, the most that such a file may have", refused.Reason);
            }
        }
    }

    // The kernel says of its own files that they are empty: what they hold counts.
    [Fact]
    public void A_file_that_has_more_than_it_says_is_held_to_the_limit()
    {
        Assert.StartsWith("Linux version", RegularFile.ReadText("/proc/version", 4096), StringComparison.Ordinal);
        var refused = Assert.Throws<UnreadableFileException>(() => RegularFile.ReadText("/proc/version", 8));
        Assert.Contains("larger than 8 bytes", refused.Reason, StringComparison.Ordinal);
    }

    // Somebody who may write the folder puts one thing after the other there, while root reads.
    [Fact]
    public async Task What_is_swapped_between_two_looks_is_one_or_the_other()
    {
        Shell.Run($"cd {_folder}; echo secret > secret; mkfifo pipe; for i in one two; do echo $i > $i; done");
        using var ended = new CancellationTokenSource();
        var swapping = Task.Run(() =>
        {
            for (var i = 0; !ended.IsCancellationRequested; i++)
            {
                var next = $"{_folder}/next";
                switch (i % 4)
                {
                    case 0:
                        Assert.True(Kernel.TryLink(_folder + "/one", next));
                        break;
                    case 1:
                        Assert.True(Kernel.TryLink(_folder + "/pipe", next));
                        break;
                    case 2:
                        File.CreateSymbolicLink(next, _folder + "/secret");
                        break;
                    default:
                        File.CreateSymbolicLink(next, "/dev/zero");
                        break;
                }

                File.Move(next, _folder + "/x", overwrite: true);
            }
        }, TestContext.Current.CancellationToken);
        Assert.True(SpinWait.SpinUntil(() => File.Exists(_folder + "/x"), AtOnce));

        var seen = new HashSet<string>();
        await InTime(() =>
        {
            for (var i = 0; i < 4000; i++)
            {
                seen.Add(Try(() => RegularFile.ReadText(_folder + "/x", 100)));
                seen.Add("resolved " + Try(() =>
                {
                    using var file = RegularFile.OpenResolved(_folder + "/x");
                    return file.ReadText(100);
                }));
            }

            return true;
        });
        await ended.CancelAsync();
        await swapping;

        Assert.Empty(seen.Except(
        [
            "one\n", "secret\n", "it is a named pipe (FIFO), not a regular file",
            "it is a character device, not a regular file", "resolved one\n",
            "resolved it is a named pipe (FIFO), not a regular file",
            "resolved it is a symbolic link, not a regular file",
        ]));
        Assert.True(seen.Count >= 5, string.Join(", ", seen));
    }

    [Fact]
    public void A_new_file_takes_no_name_that_is_taken()
    {
        foreach (var make in new[] { "echo x > FILE", "mkfifo FILE", "ln -s FILE.other FILE" })
        {
            var path = Make(make);
            Assert.Throws<SystemFailure>(() => NewFile.Write(path, "y"u8, AtomicFile.PublicMode));
            Assert.False(File.Exists(path + ".other"));
        }
    }

    [Fact]
    public void The_kernels_files_are_below_proc_and_sys()
    {
        Assert.StartsWith("Linux version", KernelFile.ReadText("/proc/version"), StringComparison.Ordinal);
        Assert.True(KernelFile.ReadText("/proc/self/smaps").Length > 4096);
        Assert.Equal(Errno.ENOENT, Assert.Throws<SystemFailure>(() => KernelFile.ReadText("/proc/self/nothing")).Errno);
        Assert.Throws<ArgumentException>(() => KernelFile.ReadText(_folder));
    }

    private string Make(string command)
    {
        var path = _folder + "/x";
        Shell.Run($"rm -rf {_folder}/*; {command.Replace("FILE", path, StringComparison.Ordinal)}");
        return path;
    }

    private Task<HostFacts> Read(FactRequests requests) => InTime(() => new HostFactsReader(_folder).Read(requests));

    // What waits for a FIFO fails the test instead of holding it up.
    private static Task<T> InTime<T>(Func<T> read) =>
        Task.Run(read, TestContext.Current.CancellationToken).WaitAsync(AtOnce, TestContext.Current.CancellationToken);

    private static bool IsLarge(string make) => make.StartsWith("truncate", StringComparison.Ordinal);

    private static string Try(Func<string> read)
    {
        try
        {
            return read();
        }
        catch (UnreadableFileException e)
        {
            return e.Reason;
        }
    }
}
