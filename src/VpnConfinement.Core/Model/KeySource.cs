namespace VpnConfinement.Model;

/// <summary>Where a key comes from when the tunnel starts: always a file, never text in a unit or a plan.</summary>
public abstract record KeySource
{
    private KeySource()
    {
    }

    /// <summary>Absolute path of the file that the tunnel reads.</summary>
    public abstract string Path { get; }

    /// <summary>A file the user keeps (<c>privateKeyFile</c>, <c>presharedKeyFile</c>).</summary>
    /// <param name="FilePath">Its absolute path.</param>
    public sealed record UserFile(string FilePath) : KeySource
    {
        /// <inheritdoc/>
        public override string Path => FilePath;
    }

    /// <summary>A key that stands in a configuration text; <c>apply</c> writes it to a 0600 file of ours.</summary>
    /// <param name="FilePath">Path of that file.</param>
    /// <param name="Key">The 32 bytes.</param>
    public sealed record Copied(string FilePath, Secret Key) : KeySource
    {
        /// <inheritdoc/>
        public override string Path => FilePath;
    }
}
