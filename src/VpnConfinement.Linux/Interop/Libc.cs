using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace VpnConfinement.Linux.Interop;

/// <summary>The C library's functions as they are; <see cref="Kernel"/> has the checked ones.</summary>
internal static unsafe partial class Libc
{
    private const string Name = "libc";

    [LibraryImport(Name, SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial SafeFileHandle open(string path, int flags, uint mode);

    [LibraryImport(Name, SetLastError = true)]
    internal static partial int setns(SafeFileHandle fd, int type);

    [LibraryImport(Name, SetLastError = true)]
    internal static partial int unshare(int flags);

    [LibraryImport(Name, SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int mount(string source, string target, string? type, ulong flags, string? data);

    [LibraryImport(Name, SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int umount2(string target, int flags);

    [LibraryImport(Name, SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int unlink(string path);

    [LibraryImport(Name, SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int link(string path, string newPath);

    [LibraryImport(Name, SetLastError = true)]
    internal static partial int fstatfs(SafeFileHandle file, byte* buffer);

    [LibraryImport(Name, SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int statx(SafeFileHandle folder, string path, int flags, uint mask, byte* buffer);

    [LibraryImport(Name)]
    internal static partial uint geteuid();

    [LibraryImport(Name, SetLastError = true)]
    internal static partial nint read(SafeFileHandle fd, byte* buffer, nint count);

    [LibraryImport(Name, SetLastError = true)]
    internal static partial int fsync(SafeFileHandle fd);

    [LibraryImport(Name, SetLastError = true)]
    internal static partial int flock(SafeFileHandle fd, int operation);

    [LibraryImport(Name, SetLastError = true)]
    internal static partial SafeFileHandle socket(int family, int type, int protocol);

    [LibraryImport(Name, SetLastError = true)]
    internal static partial int setsockopt(SafeFileHandle fd, int level, int option, void* value, int length);

    [LibraryImport(Name, SetLastError = true)]
    internal static partial int getsockopt(SafeFileHandle fd, int level, int option, void* value, int* length);

    [LibraryImport(Name, SetLastError = true)]
    internal static partial int bind(SafeFileHandle fd, byte* address, int addressLength);

    [LibraryImport(Name, SetLastError = true)]
    internal static partial nint sendto(SafeFileHandle fd, byte* data, nint length, int flags, byte* address, int addressLength);

    [LibraryImport(Name, SetLastError = true)]
    internal static partial nint recvfrom(SafeFileHandle fd, byte* data, nint length, int flags, byte* address, int* addressLength);

    [LibraryImport(Name, SetLastError = true)]
    internal static partial int madvise(void* address, nuint length, int advice);

    [LibraryImport(Name, SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial SafeFileHandle memfd_create(string name, uint flags);

    [LibraryImport(Name, SetLastError = true)]
    internal static partial int poll(PollDescriptor* descriptors, nuint count, int timeout);

    // Newer than the C libraries that have to do: open_tree(2), move_mount(2) and mount_setattr(2) by their numbers, the same on all machines.
    [LibraryImport(Name, EntryPoint = "syscall", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial SafeFileHandle open_tree(long number, int folder, string path, uint flags);

    [LibraryImport(Name, EntryPoint = "syscall", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial long move_mount(
        long number, SafeFileHandle from, string fromPath, SafeFileHandle toFolder, string toPath, uint flags);

    [LibraryImport(Name, EntryPoint = "syscall", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial long mount_setattr(long number, SafeFileHandle folder, string path, uint flags, ulong* attributes, nuint size);

    // An ioctl that gives a descriptor, by the number of the call: the function gives an int, which is no whole
    // register.
    [LibraryImport(Name, EntryPoint = "syscall", SetLastError = true)]
    internal static partial SafeFileHandle ioctl_open(nint number, SafeFileHandle file, nuint request);

    [LibraryImport(Name, SetLastError = true)]
    internal static partial nint syscall(nint number, nint command, void* attributes, nint size);

    // pidfd_open(2) and pidfd_getfd(2), by their numbers too.
    [LibraryImport(Name, EntryPoint = "syscall", SetLastError = true)]
    internal static partial SafeFileHandle pidfd_open(nint number, nint pid, nint flags);

    [LibraryImport(Name, EntryPoint = "syscall", SetLastError = true)]
    internal static partial SafeFileHandle pidfd_getfd(
        nint number, SafeFileHandle process, nint descriptor, nint flags);

    [LibraryImport(Name, EntryPoint = "syscall", SetLastError = true)]
    internal static partial nint kcmp(nint number, nint one, nint other, nint type, nint first, nint second);

    [LibraryImport(Name, EntryPoint = "syscall", SetLastError = true)]
    internal static partial nint capset(nint number, uint* header, uint* data);

    [LibraryImport(Name, SetLastError = true)]
    internal static partial int prctl(int option, nuint second, nuint third, nuint fourth, nuint fifth);

    // The C library has every thread of the process change its user and groups.
    [LibraryImport(Name, SetLastError = true)]
    internal static partial int setgroups(nint count, uint* groups);

    [LibraryImport(Name, SetLastError = true)]
    internal static partial int setresgid(uint real, uint effective, uint saved);

    [LibraryImport(Name, SetLastError = true)]
    internal static partial int setresuid(uint real, uint effective, uint saved);

    [LibraryImport(Name)]
    internal static partial byte* if_indextoname(uint index, byte* name);

    [LibraryImport(Name, SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int mkfifo(string path, uint mode);

    [LibraryImport(Name)]
    internal static partial int isatty(int descriptor);

    [LibraryImport(Name, SetLastError = true)]
    internal static partial int kill(int pid, int signal);

    [LibraryImport(Name, SetLastError = true)]
    internal static partial int tcgetattr(int descriptor, byte* mode);

    [LibraryImport(Name, SetLastError = true)]
    internal static partial int tcsetattr(int descriptor, int when, byte* mode);

    [LibraryImport(Name, SetLastError = true)]
    internal static partial nint read(int descriptor, byte* buffer, nint length);

    [LibraryImport(Name, SetLastError = true)]
    internal static partial nint write(int descriptor, byte* buffer, nint length);

    [LibraryImport(Name, SetLastError = true)]
    internal static partial int execve(byte* path, byte** arguments, byte** environment);

    [LibraryImport(Name)]
    internal static partial nint signal(int number, nint handler);

    // posix_spawn and its kin return the error number instead of setting errno.
    [LibraryImport(Name)]
    internal static partial int posix_spawn(int* pid, byte* path, byte* actions, byte* attributes, byte** arguments, byte** environment);

    [LibraryImport(Name)]
    internal static partial int posix_spawn_file_actions_init(byte* actions);

    [LibraryImport(Name)]
    internal static partial int posix_spawn_file_actions_destroy(byte* actions);

    [LibraryImport(Name, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int posix_spawn_file_actions_addopen(byte* actions, int fd, string path, int flags, uint mode);

    [LibraryImport(Name)]
    internal static partial int posix_spawn_file_actions_adddup2(byte* actions, int fd, int newFd);

    [LibraryImport(Name)]
    internal static partial int posix_spawnattr_init(byte* attributes);

    [LibraryImport(Name)]
    internal static partial int posix_spawnattr_destroy(byte* attributes);

    [LibraryImport(Name)]
    internal static partial int posix_spawnattr_setflags(byte* attributes, short flags);

    [LibraryImport(Name)]
    internal static partial int posix_spawnattr_setsigdefault(byte* attributes, byte* set);

    [LibraryImport(Name)]
    internal static partial int posix_spawnattr_setsigmask(byte* attributes, byte* set);

    [LibraryImport(Name)]
    internal static partial int sigemptyset(byte* set);

    [LibraryImport(Name)]
    internal static partial int sigaddset(byte* set, int signal);

    [LibraryImport(Name, SetLastError = true)]
    internal static partial int waitpid(int pid, int* status, int options);
}
