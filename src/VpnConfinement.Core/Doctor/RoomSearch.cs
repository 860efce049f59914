using VpnConfinement.Drift;

namespace VpnConfinement.Doctor;

/// <summary>
/// Finds the largest packet that a tunnel carries. Only a size that is unanswered between two small packets that are
/// answered counts as too large.
/// </summary>
public static class RoomSearch
{
    /// <summary>Bytes of the packet that every way carries.</summary>
    public const int Small = 96;

    // The least MTU that can be written (WireGuardOptions.Mtu).
    private const int Least = 576;

    // WireGuard pads what it encrypts to a multiple of this (MESSAGE_PADDING_MULTIPLE of drivers/net/wireguard).
    private const int Padding = 16;

    private const int Tries = 3;
    private const int TriesOfStep = 2;

    /// <summary>Searches.</summary>
    /// <param name="request">What is sent to whom, as <see cref="TunnelRoom.Request"/>.</param>
    /// <param name="mtu">MTU of the tunnel in bytes.</param>
    /// <param name="isAnswered">Sends a packet of a size, so many times at most, and says whether one was answered.
    /// </param>
    /// <param name="hasTime">Whether the search may go on. Without it the bounds found so far count.</param>
    /// <returns>Null where this request tells nothing: it is not answered at all, or in small packets alone.</returns>
    public static Observation<TunnelRoom?> Find(
        string request, int mtu, Func<int, int, bool> isAnswered, Func<bool> hasTime)
    {
        if (!isAnswered(Small, Tries))
        {
            return new Observation<TunnelRoom?>.Known(null);
        }

        var fits = new Observation<TunnelRoom?>.Known(new TunnelRoom(request, mtu, null));
        if (isAnswered(mtu, Tries))
        {
            return fits;
        }

        if (mtu <= Least || !isAnswered(Least, Tries))
        {
            return new Observation<TunnelRoom?>.Known(null);
        }

        var (answered, unanswered) = (Least, mtu);
        while (hasTime() && Between(answered, unanswered) is { } size)
        {
            (answered, unanswered) =
                isAnswered(size, TriesOfStep) ? (size, unanswered) : (answered, size);
        }

        // A tunnel that lost everything for a while, or lost the large one by chance, is none that is too large.
        return !isAnswered(Small, Tries)
            ? new Observation<TunnelRoom?>.Unknown("the answers stopped while packets of several sizes were tried")
            : isAnswered(mtu, Tries) ? fits
            : new Observation<TunnelRoom?>.Known(new TunnelRoom(request, answered, unanswered));
    }

    private static int? Between(int answered, int unanswered)
    {
        var middle = (answered + unanswered) / 2 / Padding * Padding;
        var size = Math.Max(middle, answered + Padding);
        return size < unanswered ? size : null;
    }
}
