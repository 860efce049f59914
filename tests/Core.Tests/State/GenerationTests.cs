using System.Text;
using System.Text.Json;
using VpnConfinement.Compile;
using VpnConfinement.Compile.Systemd;
using VpnConfinement.Model;
using VpnConfinement.State;

namespace VpnConfinement.Tests.State;

public sealed class GenerationTests
{
    private static readonly DateTimeOffset Made = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    private static readonly Secret Key = new([.. Enumerable.Range(0, 32).Select(i => (byte)i)]);

    private static Generation Example => Generation.Of(7, 5, Made, new CompiledTree
    {
        Files = [new GeneratedFile("/etc/a", "text\nß", "media", "app.service"), new GeneratedFile("/etc/b", "text", null, null, "../a")],
        Keys = [new KeySource.Copied("/var/key", Key)],
        Plans = [],
        Namespaces = [],
        SocketPaths = ["/run/app.sock"],
    });

    [Fact]
    public void What_is_written_is_read_again()
    {
        var read = GenerationJson.Read(GenerationJson.Write(Example));
        Assert.Equal((7, Made), (read.Number, read.Made));
        Assert.Equal(Example.Files, read.Files);
        Assert.Equal(Example.Keys[0], read.Keys[0]);
        var tree = read.ToTree(_ => Key);
        Assert.Same(Key, tree.Keys[0].Key);
        Assert.Equal(["/run/app.sock"], tree.SocketPaths);
        Assert.DoesNotContain("AAEC", Encoding.UTF8.GetString(GenerationJson.Write(Example)), StringComparison.Ordinal);
    }

    [Fact]
    public void A_key_file_gives_its_key_and_nothing_else_does()
    {
        var text = new KeySource.Copied("/key", Key).FileText();
        Assert.Equal(Key.Reveal().ToArray(), KeySource.Copied.KeyIn(text)!.Reveal().ToArray());
        Assert.Null(KeySource.Copied.KeyIn(text.AsSpan(0, 44)));
        Assert.Null(KeySource.Copied.KeyIn([]));
        text[3] = (byte)'*';
        Assert.Null(KeySource.Copied.KeyIn(text));
    }

    [Fact]
    public void Cut_short_anywhere_or_changed_anywhere_it_is_refused()
    {
        var whole = GenerationJson.Write(Example);
        for (var length = 0; length < whole.Length; length++)
        {
            Assert.Throws<JsonException>(() => GenerationJson.Read(whole.AsSpan(0, length)));
        }

        for (var place = 0; place < whole.Length; place++)
        {
            var changed = whole.ToArray();
            changed[place] ^= 1;

            // The one byte between the hash and the rest says nothing.
            if (place != 64)
            {
                Assert.Throws<JsonException>(() => GenerationJson.Read(changed));
            }
        }
    }

    [Fact]
    public void One_whose_plans_this_program_does_not_read_is_no_tree()
    {
        var other = Example with { Namespaces = [new ManifestNamespace("media", "wg0", [], [])] };
        Assert.ThrowsAny<JsonException>(() => GenerationJson.Read(GenerationJson.Write(other)).ToTree(_ => Key));
    }

    [Fact]
    public void One_of_another_format_is_not_taken_for_damaged()
    {
        var failure = Assert.Throws<NotSupportedException>(() => GenerationJson.Read(GenerationJson.Write(Example with { Version = 1 })));
        Assert.Equal("its format is '1'; this program reads format 2", failure.Message);
    }

    [Fact]
    public void A_manifest_of_before_generations_is_read()
    {
        const string Old = """{ "version": 3, "files": [], "keys": [], "namespaces": [], "starting": [] }""";
        Assert.Equal(0, ManifestJson.Read(Old).Generation);
    }

    [Fact]
    public void A_change_under_way_has_the_generation_from_which_it_came()
    {
        var before = Manifest.Empty with { Generation = 3 };
        var changing = before.ChangingTo(Manifest.Empty with { Generation = 4, Files = [new ManifestFile("/a", "hash", null, null)] }, [], []);
        Assert.Equal(3, changing.Generation);
        Assert.False(changing.IsWhole);
        Assert.False((before with { Starting = ["app.service"] }).IsWhole);
        var keys = (before with { ChangingKeys = ["/k2"] }).ChangingTo(before, [], ["/k1", "/k2"]);
        Assert.Equal(["/k1", "/k2"], keys.ChangingKeys);
        Assert.False(keys.IsWhole);
        Assert.True(before.IsWhole);
    }

    [Fact]
    public void The_timer_that_takes_a_change_back_is_enabled_and_runs_the_program()
    {
        var files = ConfirmUnits.Compile("/opt/my tools/vpn-confinement", new PendingChange(1, 90, Made, false));
        Assert.Contains("ExecStart=\"/opt/my tools/vpn-confinement\" rollback --unconfirmed\n", files[0].Content, StringComparison.Ordinal);
        Assert.Contains("OnActiveSec=90s\nOnCalendar=2026-01-02 03:04:05 UTC\n", files[1].Content, StringComparison.Ordinal);
        Assert.Equal(("/etc/systemd/system/basic.target.wants/vpn-confinement-confirm.timer", "../vpn-confinement-confirm.timer"), (files[2].Path, files[2].LinkTo));
    }
}
