using VpnConfinement.Lab.Scenarios;

namespace VpnConfinement.E2e.Tests;

/// <summary>A configuration that cannot be read is never an empty one: what is confined stays confined.</summary>
[Trait("guarantees", "S-11")]
public sealed class BadConfigurationTests(BadHostFixture host) : IClassFixture<BadHostFixture>, IDisposable
{
    private const string File = Laboratory.ConfigFile;
    private const string Parts = "/etc/vpn-confinement/conf.d";

    public void Dispose()
    {
        host.Shell($"rm -rf {File} {Parts}").OrThrow();
        host.Reset();
    }

    [Fact]
    public void Neither_apply_nor_plan_takes_it_for_an_empty_one()
    {
        host.Product("apply").OrThrow();
        host.Shell("systemctl start downloader").OrThrow();
        host.Shell($"cp {File} /root/good.toml").OrThrow();
        foreach (var damage in (string[])
        [
            $"echo '[namespaces.media' > {File}", // does not parse
            $": > {File}",
            $"printf '# nothing\\n' > {File}",
            $"rm {File}",
            $"rm {File}; mkdir {File}",
            $"rm {File}; ln -s /nowhere {File}",
            $"truncate -s 40 {File}",
            $"printf '\\377\\376' >> {File}",
            $"mkdir -p {Parts}; printf '\\377\\376' > {Parts}/a.toml",
            $"mkdir -p {Parts}; echo '[' > {Parts}/a.toml",
            $"mkdir -p {Parts}/a.toml",
            $"mkdir -p {Parts}; ln -s /nowhere {Parts}/a.toml",
            $"touch {Parts}",
            $"ln -s /nowhere {Parts}",
        ])
        {
            host.Shell(damage).OrThrow();
            foreach (var arguments in (string[][])[["plan"], ["apply"], ["apply", "--allow-unconfine"]])
            {
                var result = host.Product(arguments);
                Assert.True(result.ExitCode == 1, $"{damage}: {string.Join(' ', arguments)} ended with {result.ExitCode}: {result.Error}");
                Assert.Contains("nothing was changed", result.Error, StringComparison.Ordinal);
            }

            Assert.Equal("active", host.Laboratory.Machine.UnitState("downloader.service"));
            var status = host.Product("status");

            // Where there is none at all, what was applied may have come from elsewhere.
            var (exitCode, said) = host.Shell($"test -e {File} -o -L {File}").Succeeded ? (4, "the configuration is refused (VPC") : (0, $"there is no {File} to compare with");
            Assert.True(status.ExitCode == exitCode && status.Output.Contains(said, StringComparison.Ordinal), $"{damage}: {status.Output}");
            Assert.Equal(0, host.Product("status", "--config", "/root/good.toml").ExitCode);
            host.Shell($"rm -rf {File} {Parts}; cp /root/good.toml {File}").OrThrow();
        }

        Assert.Equal(0, host.Product("plan", "--detailed-exitcode").ExitCode);
    }
}
