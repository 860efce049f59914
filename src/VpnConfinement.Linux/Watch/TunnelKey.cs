namespace VpnConfinement.Linux.Watch;

/// <summary>
/// The key of a tunnel's device, as one process of the watcher saw it from look to look (S-25). A first key is held
/// against no file: a file that was edited takes effect when the tunnel is next started. Where a look came before and
/// saw no tunnel, the tunnel was made from its file just now, and a first key of it counts as another one.
/// </summary>
internal sealed class TunnelKey
{
    private bool _hasLooked;
    private string? _last;

    /// <summary>
    /// Whether the device has another key than at the last look: then it is held against its file, until
    /// <see cref="Settle"/>.
    /// </summary>
    internal bool IsRekeyed { get; private set; }

    /// <summary>Takes what a look at the device saw.</summary>
    /// <param name="publicKey">Its public key in base64, or null where none is set.</param>
    internal void Look(string? publicKey)
    {
        IsRekeyed |= _hasLooked && publicKey != _last;
        (_hasLooked, _last) = (true, publicKey);
    }

    /// <summary>Takes that a look saw no device. The key of the last one is kept for comparison.</summary>
    internal void LookAtNone() => _hasLooked = true;

    /// <summary>Takes the key that the device has by now for the right one.</summary>
    internal void Settle() => IsRekeyed = false;
}
