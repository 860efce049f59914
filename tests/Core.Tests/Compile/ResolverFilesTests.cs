using VpnConfinement.Compile.Resolver;
using VpnConfinement.Core.Tests.Validation;

namespace VpnConfinement.Core.Tests.Compile;

public sealed class ResolverFilesTests
{
    // glibc reads the first three (VPC116 says so); what reads further gets all.
    [Fact]
    public void No_resolver_is_dropped()
    {
        var lines = ResolverFiles.ResolvConf(Checked.One("dns.servers = [\"10.0.0.4\", \"10.0.0.3\", \"10.0.0.2\", \"10.0.0.1\", \"10.0.0.4\"]").Only).Split('\n');
        Assert.Equal(["nameserver 10.0.0.4", "nameserver 10.0.0.3", "nameserver 10.0.0.2", "nameserver 10.0.0.1"], lines.Where(l => l.StartsWith("nameserver", StringComparison.Ordinal)));
    }
}
