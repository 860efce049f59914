using System.Security.Cryptography;
using System.Text;
using Microsoft.Win32.SafeHandles;
using VpnConfinement.Linux.Files;
using VpnConfinement.Linux.Interop;
using VpnConfinement.Plan;
using static VpnConfinement.Linux.Interop.LibcConstants;

namespace VpnConfinement.Linux.Exec;

/// <summary>
/// What ties a command to its caller: a pipe that the kernel closes when this process ends, however it ends. A
/// transient unit reads it and ends with it, and the command's unit is bound to that one. What the command's look tells
/// comes over a socket.
/// </summary>
public sealed class CallerPipe : IDisposable
{
    // To be passed, and not listed: the look has its command's user.
    private const UnixFileMode FolderMode =
        AtomicFile.SecretFolderMode | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    private readonly SafeFileHandle _pipe;
    private CallerSocket? _socket;

    private CallerPipe(string id, SafeFileHandle pipe) => (Id, _pipe) = (id, pipe);

    /// <summary>What tells this command from others.</summary>
    internal string Id { get; }

    /// <summary>Where the pipe lies.</summary>
    internal string Path => PipeOf(Id);

    /// <summary>Where the command's variables lie.</summary>
    internal string Variables => VariablesOf(Id);

    /// <summary>What the look told of the command; see <see cref="CallerSocket.Told"/>.</summary>
    internal string Told() => _socket!.Told();

    /// <summary>Makes the pipe, the socket and the file of the command's variables.</summary>
    /// <param name="variables">The file's text.</param>
    internal static CallerPipe Open(string variables)
    {
        AtomicFile.CreateFolder(StateLayout.CommandFolder, FolderMode);

        // Whatever the caller's umask, or an earlier version, made of it.
        File.SetUnixFileMode(StateLayout.CommandFolder, FolderMode);
        var id = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(StateLayout.CommandIdLength / 2));
        Kernel.MakePipe(PipeOf(id), (uint)AtomicFile.SecretMode);

        // For reading too: opening it waits for nobody then (fifo(7)).
        var pipe = new CallerPipe(id, Kernel.Open(PipeOf(id), O_RDWR));
        try
        {
            pipe._socket = new CallerSocket(id);
            NewFile.Write(VariablesOf(id), Encoding.UTF8.GetBytes(variables), AtomicFile.SecretMode);
            return pipe;
        }
        catch
        {
            pipe.Dispose();
            throw;
        }
    }

    /// <summary>Waits for the end of whoever holds the pipe on standard input, then takes its files away.</summary>
    /// <param name="id">What tells the command from others.</param>
    public static void Wait(string id)
    {
        if (id.Length != StateLayout.CommandIdLength || !id.All(char.IsAsciiHexDigitLower))
        {
            throw new SystemFailure($"'{id}' is no command of exec");
        }

        using var input = new SafeFileHandle(0, ownsHandle: false);
        Span<byte> buffer = stackalloc byte[64];
        while (Kernel.Read(input, buffer, "wait for the caller") > 0)
        {
            // Nobody writes to it; its end is what counts.
        }

        Remove(id);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _socket?.Dispose();
        Remove(Id);
        _pipe.Dispose();
    }

    private static void Remove(string id)
    {
        Kernel.TryUnlink(PipeOf(id));
        Kernel.TryUnlink(VariablesOf(id));
        Kernel.TryUnlink(StateLayout.CommandSocket(id));
    }

    private static string PipeOf(string id) => $"{StateLayout.CommandFolder}/{id}.caller";

    private static string VariablesOf(string id) => $"{StateLayout.CommandFolder}/{id}.env";
}
