using System.Globalization;
using Microsoft.Win32.SafeHandles;
using VpnConfinement.Linux.Interop;

namespace VpnConfinement.Linux.Namespaces;

/// <summary>Which netns one is: the device and inode of its nsfs file. An inode is used again once its netns is gone.</summary>
/// <param name="Device">Device number of nsfs.</param>
/// <param name="Inode">Inode of the netns.</param>
public readonly record struct NetnsIdentity(ulong Device, ulong Inode)
{
    /// <summary>The identity of an open netns.</summary>
    public static NetnsIdentity Of(SafeFileHandle netns)
    {
        var file = Kernel.Identify(netns);
        return new NetnsIdentity(file.Device, file.Inode);
    }

    /// <summary>Reads a marker's text; false where it is no marker.</summary>
    public static bool TryParse(string text, out NetnsIdentity identity)
    {
        identity = default;
        var parts = text.TrimEnd('\n').Split(':');
        if (parts.Length != 2
            || !ulong.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var device)
            || !ulong.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var inode))
        {
            return false;
        }

        identity = new NetnsIdentity(device, inode);
        return true;
    }

    /// <summary>The marker's text, <c>DEVICE:INODE</c> in decimal.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Device}:{Inode}");
}
