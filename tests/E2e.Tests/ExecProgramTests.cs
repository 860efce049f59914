using VpnConfinement.Lab.Scenarios;
using VpnConfinement.Lab.Worlds;

namespace VpnConfinement.E2e.Tests;

/// <summary>Programs as people run them in a namespace: curl, dig and a browser (S-41).</summary>
[Trait("guarantees", "S-41")]
public sealed class ExecProgramTests(ExecMachine machine) : IClassFixture<ExecMachine>
{
    private static readonly string Page = $"http://{Addresses.Web}/";

    [Fact]
    public void Curl_is_seen_with_the_providers_address_and_asks_the_pinned_resolver()
    {
        machine.UnpackPrograms();
        string[] curl = ["curl", "-sS", "--max-time", "30"];
        Assert.Equal($"{Addresses.Machine}", Outside([.. curl, Page]));
        var watch = UplinkWatch.Begin(machine.Host.Laboratory);
        Assert.Equal($"{Addresses.Provider}", Inside([.. curl, Page]));
        Assert.Equal($"{Addresses.Provider}", AtName("curl.example", () => Inside([.. curl, "http://curl.example/"])));
        Assert.NotEqual(0, machine.Exec([.. curl, $"http://[{Addresses.Web6}]/"]).ExitCode);
        watch.RequireTunnelOnly("curl asked the world");
    }

    [Fact]
    public void Dig_asks_the_pinned_resolver_and_no_other()
    {
        machine.UnpackPrograms();
        var world = machine.Host.Laboratory.World;
        string[] dig = ["dig", "+short", "+time=2", "+tries=1"];
        string[] other = [.. dig, $"@{Addresses.OtherResolver}"];
        Assert.Equal($"{Addresses.OtherAnswer}\n", Outside([.. other, "outside.example"]));
        var watch = UplinkWatch.Begin(machine.Host.Laboratory);
        Assert.Equal($"{Addresses.PinnedAnswer}\n", Inside([.. dig, "udp.example"]));
        Assert.Equal($"{Addresses.PinnedAnswer}\n", Inside([.. dig, "+tcp", "tcp.example"]));
        Assert.Equal(
            ["tcp", "udp"],
            world.PinnedResolver.Queries.Where(q => q.Name is "udp.example" or "tcp.example")
                .Select(q => q.Protocol).Order());

        // Its status for "no answer" (dig(1)).
        Assert.Equal(9, machine.Exec([.. other, "other.example"]).ExitCode);
        Assert.Equal(9, machine.Exec([.. other, "+tcp", "other.example"]).ExitCode);
        Assert.DoesNotContain(world.OtherResolver.Queries, q => q.Name == "other.example");
        watch.RequireTunnelOnly("dig asked resolvers");
    }

    [Fact]
    public void A_headless_browser_of_a_user_shows_a_page_and_asks_the_pinned_resolver()
    {
        LabPackages.Unpack(machine.Host, "browser", "/usr/bin/chromium-headless-shell");
        var watch = UplinkWatch.Begin(machine.Host.Laboratory);
        Assert.Contains($">{Addresses.Provider}<", Browse(Page), StringComparison.Ordinal);
        Assert.Contains(
            $">{Addresses.Provider}<", AtName("browser.example", () => Browse("http://browser.example/")),
            StringComparison.Ordinal);
        watch.RequireTunnelOnly("a browser showed a page");
        machine.RequireNothingLeft();
    }

    private string Browse(string page) => machine.Host.Shell(
        "cd /home/bob; SUDO_UID=4242 timeout 120 vpn-confinement exec media -- "
            + $"chromium-headless-shell --headless --disable-gpu --dump-dom {page}").OrThrow().Output;

    private string Outside(params ReadOnlySpan<string> command) =>
        machine.Host.Laboratory.Machine.Run(command).OrThrow().Output;

    private string Inside(params string[] command) => machine.Exec(command).OrThrow().Output;

    // The pinned resolver says where the page is while something asks.
    private string AtName(string name, Func<string> ask)
    {
        var world = machine.Host.Laboratory.World;
        world.PinnedResolver.Answer = Addresses.Web;
        try
        {
            var answer = ask();
            Assert.Contains(world.PinnedResolver.Queries, q => q.Name == name);
            Assert.DoesNotContain(
                world.OrdinaryResolver.Queries.Concat(world.OtherResolver.Queries), q => q.Name == name);
            return answer;
        }
        finally
        {
            world.PinnedResolver.Answer = Addresses.PinnedAnswer;
        }
    }
}
