using VpnConfinement.Linux.Files;

namespace VpnConfinement.Linux.Tests.Files;

/// <summary>A file that a user names for a report: what is there and is no file is never replaced by one.</summary>
public sealed class NamedFileTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("vpnc-named-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void A_link_and_a_folder_stay_what_they_are()
    {
        var file = Path.Combine(_folder.FullName, "file");
        var link = Path.Combine(_folder.FullName, "link");
        File.WriteAllText(file, "before");
        File.CreateSymbolicLink(link, file);
        var refused = Assert.Throws<SystemFailure>(() => AtomicFile.WriteNamed(link, "new"u8, AtomicFile.PublicMode));
        Assert.Contains("is a symbolic link, and is not replaced", refused.Message, StringComparison.Ordinal);
        Assert.Equal(file, new FileInfo(link).LinkTarget);
        Assert.Equal("before", File.ReadAllText(file));
        Assert.Throws<SystemFailure>(() => AtomicFile.WriteNamed(_folder.FullName, "new"u8, AtomicFile.PublicMode));
    }

    [Fact]
    public void A_file_and_nothing_at_all_make_way()
    {
        var file = Path.Combine(_folder.FullName, "file");
        AtomicFile.WriteNamed(file, "one"u8, AtomicFile.PublicMode);
        AtomicFile.WriteNamed(file, "two"u8, AtomicFile.PublicMode);
        Assert.Equal("two", File.ReadAllText(file));
    }
}
