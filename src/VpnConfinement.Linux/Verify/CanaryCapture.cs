using Microsoft.Win32.SafeHandles;
using VpnConfinement.Compile.Frames;
using VpnConfinement.Linux.Interop;
using VpnConfinement.Linux.Namespaces;
using VpnConfinement.Verify;

namespace VpnConfinement.Linux.Verify;

/// <summary>Watches every link of one network namespace for canaries.</summary>
internal sealed class CanaryCapture : IDisposable
{
    private readonly SafeFileHandle _netns;
    private readonly string _place;
    private readonly SafeFileHandle? _capture;
    private readonly HashSet<CanarySight> _sights = [];
    private readonly List<Canary> _controls = [];
    private readonly byte[] _buffer = new byte[CanaryFilter.Snap];
    private long _dropped;
    private string? _failure;

    /// <summary>Begins.</summary>
    /// <param name="netns">The network namespace; it is disposed of with this.</param>
    /// <param name="place">What it is, in words.</param>
    /// <param name="filter">What the kernel hands over.</param>
    internal CanaryCapture(SafeFileHandle netns, string place, IReadOnlyList<FilterInstruction> filter)
    {
        (_netns, _place) = (netns, place);
        try
        {
            _capture = NetnsThread.Run(netns, () => KernelCapture.Open(filter));
        }
        catch (SystemFailure e)
        {
            _failure = e.Message;
        }
    }

    /// <summary>What was seen so far.</summary>
    internal CaptureRecord Record => new(_place, [.. _sights], _dropped, [.. _controls], _failure);

    /// <summary>
    /// Sends packets that the capture must see. Where the kernel takes none, for want of a route, none is expected.
    /// </summary>
    /// <param name="controls">The packets. The first goes over the loopback, and must be taken.</param>
    internal void Control(IReadOnlyList<Canary> controls)
    {
        var sent = NetnsThread.Run(_netns, () => controls.Select(c => CanarySender.Send(c, hops: 1)).ToList());
        for (var i = 0; i < controls.Count; i++)
        {
            if (i == 0 || sent[i] == CanaryTrial.Sent)
            {
                _controls.Add(controls[i]);
            }
        }
    }

    /// <summary>Takes what waits. Does not wait.</summary>
    /// <param name="canaries">Those that may be there.</param>
    internal void Take(IReadOnlyCollection<Canary> canaries)
    {
        if (_capture is null || _failure is not null)
        {
            return;
        }

        try
        {
            while (KernelCapture.Take(_capture, _buffer, out var link) is { } count)
            {
                if (CanaryPacket.Find(_buffer.AsSpan(0, count), canaries) is { } canary)
                {
                    _sights.Add(new CanarySight(canary, NetnsThread.Run(_netns, () => KernelCapture.NameOf(link))));
                }
            }

            _dropped += KernelCapture.Dropped(_capture);
        }
        catch (SystemFailure e)
        {
            _failure = e.Message;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _capture?.Dispose();
        _netns.Dispose();
    }
}
