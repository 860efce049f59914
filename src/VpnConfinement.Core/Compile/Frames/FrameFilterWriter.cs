namespace VpnConfinement.Compile.Frames;

/// <summary>
/// Writes a <see cref="FrameFilter"/> of requirements: a frame that fails one goes to the next alternative, or is
/// dropped where there is none. Offsets count from the frame's first byte; its header is that of Ethernet, without a
/// VLAN tag.
/// </summary>
internal sealed class FrameFilterWriter
{
    // linux/bpf_common.h: class, size and mode; linux/filter.h: the ancillary data.
    private const ushort LoadWord = 0x20;
    private const ushort LoadHalf = 0x28;
    private const ushort LoadByte = 0x30;
    private const ushort And = 0x54;
    private const ushort JumpIfEqual = 0x15;
    private const ushort JumpIfSet = 0x45;
    private const ushort JumpIfAtLeast = 0x35;
    private const ushort LoadLength = 0x80;
    private const ushort Return = 0x06;
    private const uint VlanTagPresent = unchecked((uint)(-0x1000 + 48));

    private readonly List<FilterInstruction> _instructions = [];
    private readonly List<int> _open = [];

    /// <summary>
    /// The frame has this many bytes. Comes before all that looks at them: a load past the end ends the program with 0,
    /// which is <see cref="FrameFilter.Pass"/>.
    /// </summary>
    internal void AtLeast(uint length)
    {
        Add(LoadLength, 0);
        _open.Add(_instructions.Count);
        Add(JumpIfAtLeast, length);
    }

    /// <summary>No VLAN tag: the kernel takes it off the frame, and what is inside would look like any other.</summary>
    internal void Untagged()
    {
        Add(LoadHalf, VlanTagPresent);
        Require(0);
    }

    /// <summary>Four bytes are these, in network order.</summary>
    internal void Word(uint offset, uint value)
    {
        Add(LoadWord, offset);
        Require(value);
    }

    /// <summary>Two bytes are these, in network order.</summary>
    internal void Half(uint offset, ushort value, ushort mask = ushort.MaxValue)
    {
        Add(LoadHalf, offset);
        if (mask != ushort.MaxValue)
        {
            Add(And, mask);
        }

        Require(value);
    }

    /// <summary>A byte is one of these.</summary>
    internal void Byte(uint offset, params ReadOnlySpan<byte> values)
    {
        Add(LoadByte, offset);
        for (var i = 0; i < values.Length - 1; i++)
        {
            _instructions.Add(new FilterInstruction(JumpIfEqual, (byte)(values.Length - 1 - i), 0, values[i]));
        }

        Require(values[^1]);
    }

    /// <summary>Two bytes are one of two values.</summary>
    internal void Half(uint offset, (ushort, ushort) values)
    {
        Add(LoadHalf, offset);
        _instructions.Add(new FilterInstruction(JumpIfEqual, 1, 0, values.Item1));
        Require(values.Item2);
    }

    /// <summary>A byte has one of these bits.</summary>
    internal void AnyBit(uint offset, byte bits)
    {
        Add(LoadByte, offset);
        _open.Add(_instructions.Count);
        Add(JumpIfSet, bits);
    }

    /// <summary>
    /// What has met all requirements since the last alternative passes; what failed one goes on here.
    /// </summary>
    internal void PassElse()
    {
        Add(Return, FrameFilter.Pass);
        foreach (var at in _open)
        {
            _instructions[at] = _instructions[at] with { False = checked((byte)(_instructions.Count - at - 1)) };
        }

        _open.Clear();
    }

    /// <summary>The whole: what passed no alternative is dropped.</summary>
    internal FrameFilter Finish()
    {
        Add(Return, FrameFilter.Drop);
        return new FrameFilter([.. _instructions]);
    }

    private void Add(ushort code, uint value) => _instructions.Add(new FilterInstruction(code, 0, 0, value));

    private void Require(uint value)
    {
        _open.Add(_instructions.Count);
        Add(JumpIfEqual, value);
    }
}
