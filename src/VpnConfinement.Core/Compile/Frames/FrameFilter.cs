using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace VpnConfinement.Compile.Frames;

/// <summary>
/// A program of classic BPF that a link runs for each frame (tc-bpf(8), direct action). Its text is what <c>tc filter
/// show</c> prints as <c>bytecode</c>: the number of instructions, then each as four decimal numbers.
/// </summary>
public sealed class FrameFilter
{
    /// <summary>Verdict of a frame that passes: TC_ACT_OK (linux/pkt_cls.h).</summary>
    public const uint Pass = 0;

    /// <summary>Verdict of one that is dropped: TC_ACT_SHOT.</summary>
    public const uint Drop = 2;

    /// <summary>Most instructions that the kernel takes: BPF_MAXINSNS.</summary>
    public const int MaxLength = 4096;

    /// <summary>Makes one.</summary>
    internal FrameFilter(IReadOnlyList<FilterInstruction> instructions) => Instructions = instructions;

    /// <summary>The instructions.</summary>
    public IReadOnlyList<FilterInstruction> Instructions { get; }

    /// <summary>Reads the text; false for any other.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out FrameFilter? filter)
    {
        filter = null;
        var instructions = new List<FilterInstruction>();
        foreach (var part in text.Split(',').Skip(1))
        {
            if (part.Split(' ') is not [var code, var yes, var no, var value]
                || !ushort.TryParse(code, NumberStyles.None, CultureInfo.InvariantCulture, out var c)
                || !byte.TryParse(yes, NumberStyles.None, CultureInfo.InvariantCulture, out var t)
                || !byte.TryParse(no, NumberStyles.None, CultureInfo.InvariantCulture, out var f)
                || !uint.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var k))
            {
                return false;
            }

            instructions.Add(new FilterInstruction(c, t, f, k));
        }

        var read = new FrameFilter(instructions);
        filter = instructions.Count is > 0 and <= MaxLength && read.ToString() == text ? read : null;
        return filter is not null;
    }

    /// <inheritdoc/>
    public override string ToString() => string.Join(',', Instructions
        .Select(i => string.Create(CultureInfo.InvariantCulture, $"{i.Code} {i.True} {i.False} {i.Value}"))
        .Prepend(Instructions.Count.ToString(CultureInfo.InvariantCulture)));
}
