using System.Buffers;
using System.Buffers.Text;
using System.Security.Cryptography;
using VpnConfinement.Linux.Files;
using VpnConfinement.Model;
using static VpnConfinement.Linux.Interop.WireGuardConstants;

namespace VpnConfinement.Linux.Netlink.WireGuard;

/// <summary>Keys in files. A failure names the file, never its content.</summary>
internal static class WireGuardKey
{
    private const int TextLength = 44;
    private const int LongestFile = 4096;
    private const UnixFileMode OthersMayUse =
        UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute
        | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    /// <summary>Reads a key file: base64 of 32 bytes, alone in its file.</summary>
    /// <param name="path">Absolute path.</param>
    /// <param name="what">Which key it is, for the failure: <c>private key</c>.</param>
    /// <param name="log">Takes a warning where others than its owner may read the file.</param>
    /// <exception cref="SystemFailure">There is no such file, it is no regular file, or holds no key.</exception>
    internal static Secret ReadFile(string path, string what, Action<string> log)
    {
        var text = ReadText(path, what, log);
        try
        {
            return Decode(Trim(text))
                ?? throw new SystemFailure($"the {what} file {path} holds no key; it must hold 32 bytes in base64, as 'wg genkey' prints them");
        }
        finally
        {
            CryptographicOperations.ZeroMemory(text);
        }
    }

    private static byte[] ReadText(string path, string what, Action<string> log)
    {
        try
        {
            using var file = RegularFile.Open(path);
            if ((file.Mode & OthersMayUse) != 0)
            {
                log($"warning: the {what} file {path} can be read by others than its owner; run 'chmod 600 {path}'");
            }

            return file.ReadBytes(LongestFile);
        }
        catch (FileNotFoundException e)
        {
            throw new SystemFailure(
                $"the {what} file {path} is missing ({e.Message})",
                $"make it, with 'umask 077; wg genkey > {path}' where it is your own key", e);
        }
        catch (UnreadableFileException e)
        {
            throw new SystemFailure(
                $"the {what} file {path} is no key file: {e.Reason}",
                "put a file there that holds one key in base64, with mode 0600, then run this again", e);
        }
        catch (UnauthorizedAccessException e)
        {
            throw new SystemFailure($"the {what} file {path} cannot be read: {e.Message}", e);
        }
    }

    private static ReadOnlySpan<byte> Trim(ReadOnlySpan<byte> text) => text.Trim(" \t\r\n"u8);

    private static Secret? Decode(ReadOnlySpan<byte> text)
    {
        if (text.Length != TextLength)
        {
            return null;
        }

        var bytes = new byte[WG_KEY_LEN + 1];
        var status = Base64.DecodeFromUtf8(text, bytes, out _, out var written);
        var key = status == OperationStatus.Done && written == WG_KEY_LEN ? new Secret(bytes[..WG_KEY_LEN]) : null;
        CryptographicOperations.ZeroMemory(bytes);
        return key;
    }
}
