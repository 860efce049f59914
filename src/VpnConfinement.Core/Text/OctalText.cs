namespace VpnConfinement.Text;

/// <summary>Numbers in octal, as modes and escapes are written.</summary>
internal static class OctalText
{
    /// <summary>Reads one that has nothing but digits.</summary>
    /// <param name="digits">The text.</param>
    /// <param name="most">The largest that is taken.</param>
    /// <param name="number">The number; 0 where it is none.</param>
    internal static bool TryParse(ReadOnlySpan<char> digits, int most, out int number)
    {
        number = 0;
        foreach (var digit in digits)
        {
            number = digit is >= '0' and <= '7' && number <= most ? (number * 8) + (digit - '0') : most + 1;
        }

        var isOne = digits.Length > 0 && number <= most;
        number = isOne ? number : 0;
        return isOne;
    }
}
