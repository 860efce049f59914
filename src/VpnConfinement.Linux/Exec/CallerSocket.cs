using System.Net.Sockets;
using System.Text;
using VpnConfinement.Linux.Interop;
using VpnConfinement.Plan;
using VpnConfinement.State;

namespace VpnConfinement.Linux.Exec;

/// <summary>
/// Takes from the look of a command what became of it. The first word counts: the command, which reaches the socket as
/// well, does not run before the look has told that it starts.
/// </summary>
internal sealed class CallerSocket : IDisposable
{
    // The look has its command's user.
    private const UnixFileMode Mode = UnixFileMode.UserWrite | UnixFileMode.GroupWrite | UnixFileMode.OtherWrite;

    private const int LongestWord = 64;

    private readonly string _path;
    private readonly Socket _socket = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);

    /// <summary>Makes it.</summary>
    /// <param name="id">What tells the command from others; its folder is there.</param>
    /// <exception cref="SystemFailure">It cannot be made.</exception>
    internal CallerSocket(string id)
    {
        _path = StateLayout.CommandSocket(id);
        try
        {
            _socket.Bind(new UnixDomainSocketEndPoint(_path));
            _socket.Blocking = false;
            File.SetUnixFileMode(_path, Mode);
        }
        catch (Exception e) when (e is SocketException or IOException or UnauthorizedAccessException)
        {
            Dispose();
            throw new SystemFailure($"make the socket {_path}: {e.Message}", e);
        }
    }

    /// <summary>
    /// What the look told, a word of <see cref="CommandStatus"/>, once the command's unit is down; empty where it told
    /// nothing.
    /// </summary>
    internal string Told()
    {
        var word = new byte[LongestWord];
        try
        {
            return Encoding.UTF8.GetString(word, 0, _socket.Receive(word));
        }
        catch (SocketException e) when (e.SocketErrorCode is SocketError.WouldBlock)
        {
            return "";
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _socket.Dispose();
        Kernel.TryUnlink(_path);
    }
}
