namespace VpnConfinement.Cli.Tests;

/// <summary>A folder that ends with the test.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    internal string Root { get; } = Directory.CreateTempSubdirectory("vpnc-test-").FullName;

    public void Dispose() => Directory.Delete(Root, recursive: true);

    internal string PathOf(string relative) => Path.Combine(Root, relative);

    internal string Write(string relative, string text)
    {
        var path = PathOf(relative);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
        return path;
    }
}
