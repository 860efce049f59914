using System.Reflection;
using VpnConfinement.Compile;

namespace VpnConfinement.Core.Tests;

public sealed class PurityTests
{
    // The compiler bans single symbols; this bans whole libraries of effects.
    private static readonly string[] Effects =
    [
        "System.Diagnostics.Process", "System.Net.Sockets", "System.Net.NameResolution", "System.Net.Http", "System.Console", "System.IO.Pipes",
        "System.Net.NetworkInformation", "System.Threading.Thread", "System.IO.FileSystem", "VpnConfinement.Linux", "vpn-confinement",
    ];

    [Fact]
    public void Core_refers_to_nothing_that_has_effects()
    {
        var references = typeof(Compiler).Assembly.GetReferencedAssemblies().Select(a => a.Name).ToList();
        Assert.Empty(references.Intersect(Effects));
    }

    [Fact]
    public void Core_calls_nothing_in_the_platform() =>
        Assert.DoesNotContain(
            typeof(Compiler).Assembly.GetTypes().SelectMany(t => t.GetMethods(BindingFlags.Static | BindingFlags.NonPublic | BindingFlags.Public | BindingFlags.DeclaredOnly)),
            m => m.Attributes.HasFlag(MethodAttributes.PinvokeImpl));
}
