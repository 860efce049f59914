using System.Text;
using VpnConfinement.Compile;
using VpnConfinement.Linux.Files;

namespace VpnConfinement.Cli.Output;

/// <summary>A compiled tree as files below a folder.</summary>
internal static class OutputTree
{
    /// <summary>Writes the tree; false when the folder already holds something.</summary>
    internal static bool TryWrite(string folder, CompiledTree tree)
    {
        if (Directory.Exists(folder) && Directory.EnumerateFileSystemEntries(folder).Any())
        {
            return false;
        }

        Directory.CreateDirectory(folder, AtomicFile.FolderMode);
        var known = new HashSet<string>(StringComparer.Ordinal);
        foreach (var file in tree.Files)
        {
            var path = folder + file.Path;
            var parent = Path.GetDirectoryName(path)!;
            if (known.Add(parent))
            {
                AtomicFile.CreateFolder(parent);
            }

            if (file.LinkTo is { } target)
            {
                File.CreateSymbolicLink(path, target);
            }
            else
            {
                var mode = GeneratedFile.IsProgram(file.Path) ? AtomicFile.ProgramMode : AtomicFile.PublicMode;
                NewFile.Write(path, Encoding.UTF8.GetBytes(file.Content), mode);
            }
        }

        return true;
    }
}
