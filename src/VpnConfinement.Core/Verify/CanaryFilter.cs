using System.Buffers.Binary;
using System.Net;
using VpnConfinement.Compile.Frames;

namespace VpnConfinement.Verify;

/// <summary>
/// The program that the kernel runs for each packet of a capture (classic BPF, linux/filter.h). What goes to none of
/// the canaries' addresses is never handed over, however much passes. Offsets count from the IP header.
/// </summary>
public static class CanaryFilter
{
    /// <summary>Bytes of a packet that are handed over.</summary>
    public const uint Snap = 512;

    /// <summary>Most addresses of a program: its jumps have one byte.</summary>
    public const int MostAddresses = 30;

    // linux/bpf_common.h.
    private const ushort LoadWord = 0x20;
    private const ushort LoadByte = 0x30;
    private const ushort And = 0x54;
    private const ushort JumpIfEqual = 0x15;
    private const ushort Return = 0x06;

    /// <summary>Writes it.</summary>
    /// <param name="targets">Where canaries go, at most <see cref="MostAddresses"/>.</param>
    public static IReadOnlyList<FilterInstruction> For(IEnumerable<IPAddress> targets)
    {
        var words = targets.Distinct().Select(Words).ToList();
        ArgumentOutOfRangeException.ThrowIfGreaterThan(words.Count, MostAddresses, nameof(targets));
        List<FilterInstruction> four = [];
        foreach (var address in words.Where(w => w.Length == 1))
        {
            four.AddRange(Same(16, address));
        }

        List<FilterInstruction> six = [];
        foreach (var address in words.Where(w => w.Length == 4))
        {
            six.AddRange(Same(24, address));
        }

        var nothing = new FilterInstruction(Return, 0, 0, 0);
        return
        [
            new(LoadByte, 0, 0, 0),
            new(And, 0, 0, 0xf0),
            new(JumpIfEqual, 0, checked((byte)(four.Count + 1)), 0x40),
            .. four,
            nothing,
            new(JumpIfEqual, 1, 0, 0x60),
            nothing,
            .. six,
            nothing,
        ];
    }

    private static uint[] Words(IPAddress address)
    {
        var bytes = address.GetAddressBytes();
        return
        [
            .. Enumerable.Range(0, bytes.Length / 4)
                .Select(i => BinaryPrimitives.ReadUInt32BigEndian(bytes.AsSpan(i * 4))),
        ];
    }

    // Each word, or on to the next address.
    private static IEnumerable<FilterInstruction> Same(uint offset, uint[] words)
    {
        for (var i = 0; i < words.Length; i++)
        {
            yield return new FilterInstruction(LoadWord, 0, 0, offset + ((uint)i * 4));
            yield return new FilterInstruction(JumpIfEqual, 0, (byte)(((words.Length - 1 - i) * 2) + 1), words[i]);
        }

        yield return new FilterInstruction(Return, 0, 0, Snap);
    }
}
