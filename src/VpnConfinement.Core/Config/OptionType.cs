namespace VpnConfinement.Config;

/// <summary>What an option takes. A closed set: the reader, the reference and the schema handle each kind.</summary>
public abstract record OptionType
{
    private OptionType()
    {
    }

    /// <summary>True or false.</summary>
    public static OptionType Flag { get; } = new Bool();

    /// <summary>A port of TCP or UDP.</summary>
    public static Number Port { get; } = new(1, 65535, "a port");

    /// <summary>A list of texts of one form.</summary>
    public static OptionType ListOf(TextForm form) => new List(new Text(form));

    /// <summary>True or false.</summary>
    public sealed record Bool : OptionType;

    /// <summary>Text of a known form; rules about what it means are the validator's.</summary>
    /// <param name="Form">The form.</param>
    public sealed record Text(TextForm Form) : OptionType;

    /// <summary>A key that is never shown.</summary>
    public sealed record Secret : OptionType;

    /// <summary>A whole number.</summary>
    /// <param name="Least">The least.</param>
    /// <param name="Most">The most.</param>
    /// <param name="What">What it is, with its unit: <c>a whole number of seconds</c>.</param>
    public sealed record Number(int Least, int Most, string What) : OptionType
    {
        /// <summary>What is needed, with its bounds.</summary>
        public string Wanted => $"{What} from {Least} to {Most}";

        /// <summary>Whether a number is in range.</summary>
        public bool Takes(long number) => number >= Least && number <= Most;
    }

    /// <summary>A packet mark of 32 bits: a number, or text in decimal or with 0x.</summary>
    /// <param name="Least">The least.</param>
    /// <param name="RangeCode">Code of the finding about one that is out of range.</param>
    public sealed record Mark(uint Least, string RangeCode) : OptionType;

    /// <summary>One of some words.</summary>
    /// <param name="Names">The words.</param>
    public abstract record Choice(IReadOnlyList<string> Names) : OptionType;

    /// <summary>One of some words, each with its value.</summary>
    /// <param name="Values">The words with their values.</param>
    public sealed record Choice<T>(params IReadOnlyList<(string Name, T Value)> Values) : Choice([.. Values.Select(v => v.Name)]);

    /// <summary>A list.</summary>
    /// <param name="Item">What each item is: text or a number.</param>
    public sealed record List(OptionType Item) : OptionType;

    /// <summary>A table.</summary>
    /// <param name="Options">Its options.</param>
    public sealed record Table(OptionTable Options) : OptionType;

    /// <summary>Tables by names that the user chooses.</summary>
    /// <param name="Name">The form of such a name.</param>
    /// <param name="Placeholder">How the reference writes the name.</param>
    /// <param name="Options">The options of each table.</param>
    public sealed record NamedTables(TextForm Name, string Placeholder, OptionTable Options) : OptionType;

    /// <summary>A list of tables.</summary>
    /// <param name="Options">The options of each element.</param>
    public sealed record TableList(OptionTable Options) : OptionType;
}
