using System.Globalization;
using System.Text;

namespace VpnConfinement.Health;

/// <summary>What the watcher of a namespace found by looking at its counters over time: one look tells less. For this boot only.</summary>
/// <param name="Netns">The netns that it is about, as its marker has it: another one of that name is another matter.</param>
/// <param name="Peers">The peers, by public key.</param>
/// <param name="Resolver">The resolvers together; null where none are pinned.</param>
public sealed record HealthRecord(string Netns, IReadOnlyDictionary<string, Answers> Peers, Answers? Resolver)
{
    /// <summary>The record as text, a line each.</summary>
    public static string Write(HealthRecord record)
    {
        var text = new StringBuilder();
        text.Append("netns ").Append(record.Netns).Append('\n');
        foreach (var (key, answers) in record.Peers.OrderBy(p => p.Key, StringComparer.Ordinal))
        {
            text.Append("peer ").Append(key).Append(' ').Append(Text(answers)).Append('\n');
        }

        if (record.Resolver is { } resolver)
        {
            text.Append("resolver ").Append(Text(resolver)).Append('\n');
        }

        return text.ToString();
    }

    /// <summary>Reads a record; null for a text that is none, whole: what cannot be told is not guessed.</summary>
    public static HealthRecord? Read(string text)
    {
        string? netns = null;
        Answers? resolver = null;
        var peers = new Dictionary<string, Answers>(StringComparer.Ordinal);
        if (!text.EndsWith('\n'))
        {
            return null;
        }

        foreach (var line in text[..^1].Split('\n'))
        {
            switch (line.Split(' '))
            {
                case ["netns", var name] when netns is null:
                    netns = name;
                    break;
                case ["peer", var key, var state, var since] when Parse(state, since) is { } answers && peers.TryAdd(key, answers):
                    break;
                case ["resolver", var state, var since] when resolver is null && Parse(state, since) is { } answers:
                    resolver = answers;
                    break;
                default:
                    return null;
            }
        }

        return netns is null ? null : new HealthRecord(netns, peers, resolver);
    }

    private static string Text(Answers answers) =>
        string.Create(CultureInfo.InvariantCulture, $"{Word(answers.State)} {answers.Since.ToUnixTimeSeconds()}");

    private static Answers? Parse(string word, string since) =>
        State(word) is { } state && long.TryParse(since, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
        && seconds <= DateTimeOffset.MaxValue.ToUnixTimeSeconds()
            ? new Answers(state, DateTimeOffset.FromUnixTimeSeconds(seconds))
            : null;

    private static AnswerState? State(string word) => word switch
    {
        "idle" => AnswerState.Idle,
        "waiting" => AnswerState.Waiting,
        "answering" => AnswerState.Answering,
        "silent" => AnswerState.Silent,
        _ => null,
    };

    private static string Word(AnswerState state) => state switch
    {
        AnswerState.Idle => "idle",
        AnswerState.Waiting => "waiting",
        AnswerState.Answering => "answering",
        AnswerState.Silent => "silent",
        _ => throw new InvalidOperationException("a state of an unknown kind"),
    };
}
