namespace VpnConfinement.Cli.Tests;

/// <summary>The checked-out sources.</summary>
internal static class Repository
{
    /// <summary>
    /// Its folder: source paths are mapped for reproducible builds, so it is found from where the tests run.
    /// </summary>
    internal static string Root { get; } = Find();

    private static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "VpnConfinement.slnx")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException("the sources are not there");
    }
}
