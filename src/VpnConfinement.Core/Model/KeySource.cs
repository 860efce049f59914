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

        /// <summary>The file's whole content: base64 and a newline. The caller wipes it.</summary>
        public byte[] FileText()
        {
            var text = new byte[45];
            System.Buffers.Text.Base64.EncodeToUtf8(Key.Reveal(), text, out _, out _);
            text[^1] = (byte)'\n';
            return text;
        }

        /// <summary>The key in such a file, or null where it holds none.</summary>
        public static Secret? KeyIn(ReadOnlySpan<byte> text)
        {
            var key = new byte[33];
            return text.Length == 45 && text[44] == '\n' && System.Buffers.Text.Base64.DecodeFromUtf8(text[..44], key, out _, out var length) == System.Buffers.OperationStatus.Done && length == 32
                ? new Secret(key[..32])
                : null;
        }
    }
}
