namespace VpnConfinement.E2e.Tests;

/// <summary>Completions with the names of what is applied.</summary>
public sealed class CompletionTests(BadHostFixture host) : IClassFixture<BadHostFixture>, IDisposable
{
    private const string Manifest = "/var/lib/vpn-confinement/manifest.json";

    public void Dispose() => host.Reset();

    [Fact]
    public void Namespaces_units_and_generations_are_those_of_what_is_applied()
    {
        Assert.Equal("", Complete("netns", "up", ""));
        host.Product("apply").OrThrow();
        Assert.Equal("media\n", Complete("netns", "up", ""));
        Assert.Equal("downloader.service\n", Complete("gate", "check", "media", "down"));
        Assert.Equal("1\n", Complete("rollback", "--to", ""));

        // In the shell that everybody has, as root.
        var typed = host.Shell("""
            bash --norc -c 'source <(vpn-confinement completion bash)
            COMP_LINE="vpn-confinement netns up m" COMP_POINT=26; _vpn_confinement; echo "${COMPREPLY[*]}"'
            """);
        Assert.Equal("media\n", typed.OrThrow().Output);
    }

    [Fact]
    public void What_cannot_be_read_is_left_out_without_a_word()
    {
        host.Product("apply").OrThrow();
        host.Shell($"cp -a {Manifest} /root/kept; echo '{{' > {Manifest}").OrThrow();
        Assert.Equal("", Complete("netns", "up", ""));
        Assert.Equal("1\n", Complete("rollback", "--to", ""));
        host.Shell($"mv /root/kept {Manifest}").OrThrow();
        var other = host.Shell(
            "setpriv --reuid=65534 --regid=65534 --clear-groups vpn-confinement complete -- rollback --to ''");
        Assert.Equal((0, "", ""), (other.ExitCode, other.Output, other.Error));
    }

    private string Complete(params string[] words)
    {
        var result = host.Product(["complete", "--", .. words]);
        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        return result.Output;
    }
}
