using System.Reflection;

namespace VpnConfinement.Core.Tests;

/// <summary>
/// The list that bans every other way to open a file or make a folder than ours is whole: a line with a mistake in it
/// would ban nothing, and be silent.
/// </summary>
[Trait("guarantees", "S-38")]
public sealed class BannedFileCallsTests
{
    private static readonly string[] Opening = ["Read", "Open", "Write", "Append", "Create", "Copy", "Replace"];

    // Without a mode a folder has what the umask leaves of 0777.
    private static readonly string[] OfFolders =
    [
        "M:System.IO.Directory.CreateDirectory(System.String)", "M:System.IO.DirectoryInfo.Create",
        "M:System.IO.DirectoryInfo.CreateSubdirectory(System.String)",
    ];

    [Fact]
    public void Whatever_opens_a_file_or_makes_a_folder_without_a_mode_is_banned_and_nothing_else_is()
    {
        const BindingFlags Public = BindingFlags.Public | BindingFlags.Static | BindingFlags.Instance | BindingFlags.DeclaredOnly;
        var calls = new[] { typeof(File), typeof(FileInfo) }.SelectMany(t => t.GetMethods(Public))
            .Where(m => Opening.Any(o => m.Name.StartsWith(o, StringComparison.Ordinal)) && m.Name is not (nameof(File.CreateSymbolicLink) or nameof(FileInfo.CreateAsSymbolicLink) or "CreateHardLink"))
            .Select(m => $"M:{m.DeclaringType!.FullName}.{m.Name}{Parameters(m)}");
        var types = new[] { typeof(FileStream), typeof(StreamReader), typeof(StreamWriter) }.Select(t => "T:" + t.FullName).Append("T:System.IO.MemoryMappedFiles.MemoryMappedFile");
        var banned = File.ReadAllLines(Path.Combine(TestPaths.Project, "../../src/VpnConfinement.Linux/BannedSymbols.txt")).Select(line => line[..line.IndexOf(';', StringComparison.Ordinal)]);
        Assert.Equal(calls.Concat(types).Concat(OfFolders).Order(StringComparer.Ordinal), banned.Order(StringComparer.Ordinal));
    }

    // As documentation has it: a generic type's arguments in braces.
    private static string Parameters(MethodInfo method) =>
        method.GetParameters() is [_, ..] parameters ? $"({string.Join(',', parameters.Select(p => Name(p.ParameterType)))})" : "";

    private static string Name(Type type) => type.IsGenericType
        ? $"{type.FullName![..type.FullName!.IndexOf('`', StringComparison.Ordinal)]}{{{string.Join(',', type.GetGenericArguments().Select(Name))}}}"
        : type.FullName!;
}
