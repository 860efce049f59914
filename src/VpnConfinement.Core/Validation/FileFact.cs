using VpnConfinement.Config.WgQuick;
using VpnConfinement.Text;

namespace VpnConfinement.Validation;

/// <summary>What the host says about a file that the configuration names.</summary>
public abstract record FileFact
{
    private FileFact()
    {
    }

    /// <summary>There is no such file.</summary>
    /// <param name="LinkTo">Where a symbolic link of that name leads, and nothing is; null for no link.</param>
    public sealed record Missing(string? LinkTo = null) : FileFact
    {
        /// <summary>The fact as a sentence without its end, the path first.</summary>
        /// <param name="path">The path as it was written.</param>
        public string Sentence(string path) => LinkTo is null
            ? $"{path} is not there, or you may not look into its folder"
            : $"{path} is a symbolic link to {Visible.Text(LinkTo)}, where nothing is";
    }

    /// <summary>It is there and cannot be looked at, which is never taken for fine.</summary>
    /// <param name="Reason">The system's own words.</param>
    public sealed record Unreadable(string Reason) : FileFact;

    /// <summary>It is there, where text is wanted, and is none; only for a file that is read as text.</summary>
    /// <param name="Format">What it is instead.</param>
    public sealed record NotText(BinaryFormat Format) : FileFact;

    /// <summary>It is there.</summary>
    /// <param name="OthersCanRead">True when its group or everyone may read it.</param>
    /// <param name="Text">Its text, for a file that is read when the configuration is checked; null for a key file.</param>
    public sealed record Present(bool OthersCanRead, SourceText? Text) : FileFact;
}
