using VpnConfinement.Lab.Processes;

namespace VpnConfinement.E2e.Tests;

/// <summary>Makes packages of the program under test by <c>packaging/build</c>.</summary>
internal static class Packages
{
    /// <summary>Makes one.</summary>
    /// <param name="kind">Which: deb or tar.</param>
    /// <param name="version">Its version.</param>
    /// <param name="folder">Where to.</param>
    /// <returns>Its path.</returns>
    internal static string Build(string kind, string version, string folder) => Command.Run(
        "env", $"VERSION={version}", "SOURCE_DATE_EPOCH=1767225600", $"OUT={folder}",
        Path.Combine(Source(), "packaging", "build"), kind).OrThrow().Output.Trim();

    // The tests run from a build beside the project's sources.
    private static string Source()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "packaging", "build")))
        {
            folder = folder.Parent ?? throw new InvalidOperationException("the sources are not around the tests");
        }

        return folder.FullName;
    }
}
