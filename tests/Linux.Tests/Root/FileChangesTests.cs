using VpnConfinement.Linux.Apply;
using VpnConfinement.Linux.Files;
using VpnConfinement.Plan;

namespace VpnConfinement.Linux.Tests.Root;

public sealed class FileChangesTests
{
    [Fact]
    public void A_write_that_fails_half_way_is_undone_with_the_ones_before_it()
    {
        Sandbox.Require();
        var (kept, made) = (StateLayout.StateFolder + "/undo/kept", StateLayout.StateFolder + "/undo/made");
        AtomicFile.Write(kept, "before");
        var changes = new FileChanges();
        changes.Write(kept, "after"u8, AtomicFile.PublicMode);
        changes.Write(made, "new"u8, AtomicFile.PublicMode);

        // The folder is made, and then the name is longer than any file's may be.
        var folder = StateLayout.StateFolder + "/undo-half";
        Assert.Throws<SystemFailure>(() => changes.Write($"{folder}/{new string('x', 300)}", "x"u8, AtomicFile.PublicMode));
        Assert.True(Directory.Exists(folder));

        changes.UndoAll(new IOException("the cause"));
        Assert.Equal("before", File.ReadAllText(kept));
        Assert.False(File.Exists(made));
        Assert.False(Directory.Exists(folder));
    }

    [Fact]
    public void A_folder_of_ours_that_is_a_mount_point_stays()
    {
        Sandbox.Require();
        var folder = StateLayout.StateFolder + "/mounted";
        Shell.Run($"mkdir -p {folder}; mount -t tmpfs tmpfs {folder}; touch {folder}/file");
        OwnFiles.Delete(folder + "/file");
        Assert.Empty(Directory.EnumerateFileSystemEntries(folder));
        Shell.Run($"umount {folder}; rmdir {folder}");
    }

    [Fact]
    public void What_fails_while_undoing_is_named_and_hides_nothing()
    {
        Sandbox.Require();
        var path = StateLayout.StateFolder + "/undo-reload/file";
        var changes = new FileChanges();
        changes.Write(path, "x"u8, AtomicFile.PublicMode);
        var failure = Assert.Throws<SystemFailure>(() => changes.UndoAll(
            new IOException("the cause"),
            ("systemd's reload", static () => throw new SystemFailure("systemd does not answer")),
            ("the start", static () => throw new SystemFailure("it is gone"))));
        Assert.Equal(
            "the cause; and not everything could be put back: systemd's reload: systemd does not answer, "
            + "the start: it is gone",
            failure.Message);
        Assert.False(File.Exists(path));
    }
}
