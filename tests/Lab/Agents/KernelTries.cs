using System.Runtime.InteropServices;
using VpnConfinement.Lab.Interop;

namespace VpnConfinement.Lab.Agents;

/// <summary>
/// System calls about keys, of the process's own keyring, which is gone with it. No key is requested here: for that the
/// kernel runs a program of the real host, container or not.
/// </summary>
internal static class KernelTries
{
    private const int AddKeyCall = 248;
    private const int KeyctlCall = 250;
    private const int KEYCTL_GET_KEYRING_ID = 0;
    private const int KEY_SPEC_PROCESS_KEYRING = -2;

    public static unsafe string AddKey()
    {
        fixed (byte* type = "user\0"u8, description = "vpnc-lab\0"u8)
        {
            var name = (nint)description;
            return Check(Libc.SystemCall(AddKeyCall, (nint)type, name, name, 8, KEY_SPEC_PROCESS_KEYRING, 0), "add_key");
        }
    }

    public static string FindKeyring() =>
        Check(Libc.SystemCall(KeyctlCall, KEYCTL_GET_KEYRING_ID, KEY_SPEC_PROCESS_KEYRING, 1, 0, 0, 0), "keyctl");

    private static string Check(nint result, string stage) =>
        result >= 0 ? "" : throw new TryFailedException(stage, Marshal.GetLastPInvokeError());
}
