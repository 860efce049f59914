using System.Globalization;

namespace VpnConfinement.Cli.Output;

/// <summary>Sizes and ages for a person.</summary>
internal static class Amounts
{
    private static readonly string[] Units = ["B", "KiB", "MiB", "GiB", "TiB"];

    /// <summary>Bytes, in the unit that leaves fewest digits.</summary>
    internal static string Size(double bytes)
    {
        var unit = 0;
        while (bytes >= 1024 && unit < Units.Length - 1)
        {
            bytes /= 1024;
            unit++;
        }

        return bytes.ToString(unit == 0 ? "0" : "0.0", CultureInfo.InvariantCulture) + " " + Units[unit];
    }

    /// <summary>How long ago something was. A time to come, after the clock went back, is now.</summary>
    internal static string Ago(DateTimeOffset? time, DateTimeOffset now)
    {
        if (time is not { } when)
        {
            return "never";
        }

        var seconds = Math.Max(0, (long)(now - when).TotalSeconds);
        return seconds < 120 ? $"{seconds} s ago"
            : seconds < 7200 ? $"{seconds / 60} min ago"
            : $"{seconds / 3600} h ago";
    }
}
