namespace VpnConfinement.Compile.Frames;

/// <summary>One instruction of classic BPF (struct sock_filter, linux/filter.h).</summary>
/// <param name="Code">What it does.</param>
/// <param name="True">Instructions to pass over where its comparison holds.</param>
/// <param name="False">Instructions to pass over where it does not.</param>
/// <param name="Value">Its number: an offset, a value to compare with, a verdict.</param>
public readonly record struct FilterInstruction(ushort Code, byte True, byte False, uint Value);
