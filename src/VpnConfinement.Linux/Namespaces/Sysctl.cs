using System.Globalization;
using System.Text;
using VpnConfinement.Linux.Interop;

namespace VpnConfinement.Linux.Namespaces;

/// <summary>Kernel settings below <c>/proc/sys/net</c> of the calling thread's netns.</summary>
internal static class Sysctl
{
    private const string Root = "/proc/sys/net/";

    /// <summary>Whether the kernel has a group of settings, such as <c>ipv6</c>.</summary>
    internal static bool HasGroup(string group) => Directory.Exists(Root + group);

    /// <summary>Names below a group: for <c>ipv4/conf</c> the links, <c>all</c> and <c>default</c>.</summary>
    internal static IReadOnlyList<string> Names(string group) =>
        [.. Directory.GetDirectories(Root + group).Select(path => Path.GetFileName(path)!).Order(StringComparer.Ordinal)];

    /// <summary>Makes a setting have a value, and reads it back. A key that this kernel does not have is left alone.</summary>
    /// <param name="key">Path below <c>/proc/sys/net</c>: <c>ipv4/ip_forward</c>.</param>
    /// <param name="value">The value, decimal.</param>
    /// <exception cref="SystemFailure">The kernel refused the value or has another one afterwards.</exception>
    internal static void Ensure(string key, int value)
    {
        var path = Root + key;
        try
        {
            if (Read(path) is not { } before || before == value)
            {
                return;
            }

            using (var file = Kernel.Open(path, LibcConstants.O_WRONLY))
            {
                RandomAccess.Write(file, Encoding.ASCII.GetBytes($"{value}\n"), 0);
            }

            if (Read(path) is var found && found != value)
            {
                throw new SystemFailure($"cannot set {path} to {value}: it is {found} afterwards");
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SystemFailure($"cannot set {path} to {value}: {e.Message}", e);
        }
    }

    /// <summary>The first of some settings that has another value, or null. A key that this kernel does not have is passed over.</summary>
    /// <exception cref="SystemFailure">One cannot be read.</exception>
    internal static string? Changed(IEnumerable<(string Key, int Value)> settings)
    {
        try
        {
            return settings.FirstOrDefault(s => Read(Root + s.Key) is { } value && value != s.Value).Key;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SystemFailure($"the kernel settings below {Root} cannot be read: {e.Message}", e);
        }
    }

    /// <summary>The value of a key; null for one that this kernel does not have.</summary>
    /// <exception cref="SystemFailure">It cannot be read.</exception>
    internal static int? Value(string key)
    {
        try
        {
            return Read(Root + key);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SystemFailure($"{Root}{key} cannot be read: {e.Message}", e);
        }
    }

    // Null for a key that this kernel does not have. Plain open and read: a namespace has more than a hundred of these.
    private static int? Read(string path)
    {
        try
        {
            using var file = Kernel.Open(path, LibcConstants.O_RDONLY);
            Span<byte> text = stackalloc byte[32];
            var length = RandomAccess.Read(file, text, 0);
            return int.TryParse(text[..length].TrimEnd((byte)'\n'), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value)
                ? value
                : throw new SystemFailure($"{path} holds no number");
        }
        catch (SystemFailure e) when (e.Errno == Errno.ENOENT)
        {
            return null;
        }
    }
}
