
namespace VpnConfinement.Syntax;

/// <summary>The parser's complaints in plain words, by the part of each that names what was expected.</summary>
internal static class TomlMessages
{
    internal static (string Message, string Remedy) NoEscape => ("In double quotes a backslash begins an escape, and this is none.", "Write \\\\ for a backslash, or put the text into single quotes.");

    private static readonly (string Part, string Message, string Remedy)[] Known =
    [
        ("newline in a string", "The text does not end on the line on which it begins.", "Close it with the quote that it begins with."),
        ("End-Of-File found", "The text does not end.", "Close it with the quotes that it begins with."),
        ("escape character", NoEscape.Message, NoEscape.Remedy),
        ("for an array", "The list is not closed, or something in it is no value.", "Write it as [\"a\", \"b\"], with commas between the items."),
        ("items in an array", "The list is not closed, or a comma is missing in it.", "Write it as [\"a\", \"b\"], with commas between the items."),
        ("inline table", "The table in braces is not closed, or a comma is missing in it.", "Write it as { a = 1, b = 2 }, with commas between the pairs."),
        ("expecting `]", "The name of the table is not closed.", "Write [NAME] on a line by itself, or [[NAME]] for one more element of a list. A part of the name with other characters than A-Z a-z 0-9 _ - has to be in quotes, as [services.\"app@x\".vpn]."),
        ("for a base key", "A name is missing here.", "Write the name; one with other characters than A-Z a-z 0-9 _ - has to be in quotes."),
        ("`=` after a key", "There is no '=' after the name.", "Write NAME = VALUE; a table begins with [NAME], a comment with #."),
        ("expecting a value", "There is no value after the '='.", "Write one: text in quotes, a number, true or false, a [list] or a { table }."),
        ("leading zero", "A number may not begin with 0.", "Take the 0 out, or write 0o10 for an octal number; text has to be in quotes."),
        ("control character", "There is a control character here.", "Take it out."),
        ("not followed by", "There is half of a line ending here.", "End lines with LF, or with CR and LF."),
        ("nteger", "This number cannot be read.", "Write a whole number between -9223372036854775808 and 9223372036854775807; text has to be in quotes."),
        ("digit after", "This number cannot be read.", "Write a whole number; text has to be in quotes."),
        ("date time", "This looks like a date and is none.", "Put text into quotes."),
        ("for a value", "This is no value.", "Put text into straight quotes, as \"text\"; the other values are numbers, true, false, [lists] and { tables }."),
        ("token `newline`", "There is more on this line after the end of the value.", "Put text into quotes, addresses too; write each NAME = VALUE on a line by itself."),
    ];

    internal static (string Message, string Remedy) TooDeep { get; } = ("Lists and tables are nested more than 64 deep.", "Write it flatter; no option lies deeper than 6.");

    internal static (string Message, string Remedy) Plain(string message)
    {
        foreach (var known in Known)
        {
            if (message.Contains(known.Part, StringComparison.Ordinal))
            {
                return (known.Message, known.Remedy);
            }
        }

        return ("This is neither a table, nor NAME = VALUE, nor a comment.", "A table begins with [NAME], a comment with #. For JSON end the file's name in .json, or say --format json.");
    }
}
