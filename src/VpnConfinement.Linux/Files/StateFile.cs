namespace VpnConfinement.Linux.Files;

/// <summary>Small files of ours that may not be there.</summary>
internal static class StateFile
{
    /// <summary>The file's text, or null where there is none.</summary>
    internal static string? Read(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SystemFailure($"cannot read {path}: {e.Message}", e);
        }
    }
}
