namespace VpnConfinement.Core.Tests;

internal static class TestPaths
{
    /// <summary>Folder of this project's sources; the golden cases are read where they are kept.</summary>
    internal static string Project { get; } = Find();

    // Source paths are mapped for reproducible builds, so the folder is found from where the tests run.
    private static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "VpnConfinement.Core.Tests.csproj")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException("run the tests from a build inside the repository");
    }
}
