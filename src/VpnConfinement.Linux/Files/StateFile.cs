namespace VpnConfinement.Linux.Files;

/// <summary>Small files of ours that may not be there.</summary>
internal static class StateFile
{
    /// <summary>The file's text, or null where there is none.</summary>
    internal static string? Read(string path)
    {
        try
        {
            using var file = RegularFile.TryOpen(path);
            return file?.ReadText(RegularFile.MostState);
        }
        catch (UnreadableFileException e)
        {
            throw new SystemFailure(e.Message, UnreadableFileException.Remedy, e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SystemFailure($"cannot read {path}: {e.Message}", e);
        }
    }
}
