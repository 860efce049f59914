using VpnConfinement.Health;

namespace VpnConfinement.Core.Tests.Health;

/// <summary>Resolvers by the questions that leave and the answers that come.</summary>
[Trait("guarantees", "S-39")]
public sealed class AnswerJudgeTests
{
    private readonly AnswerJudge _judge = new();

    [Fact]
    public void A_resolver_that_never_answers_is_silent_after_ten_seconds()
    {
        Assert.Equal(AnswerState.Idle, Look(0, 0, 0));
        Assert.Equal(AnswerState.Waiting, Look(1, 1, 0));
        Assert.Equal(AnswerState.Waiting, Look(10, 5, 0));
        Assert.Equal(AnswerState.Silent, Look(11, 5, 0));
        Assert.Equal(TimeSpan.FromSeconds(1), _judge.Since);
        Assert.Equal(AnswerState.Answering, Look(12, 5, 1));
    }

    [Fact]
    public void One_lost_question_is_no_silence()
    {
        Look(0, 1, 1);
        for (var i = 1; i < 3600; i++)
        {
            Assert.Equal(AnswerState.Answering, Look(i, 2, 1));
        }

        Assert.Equal(AnswerState.Answering, Look(3600, 3, 1));
        Assert.Equal(AnswerState.Answering, Look(3601, 3, 2));
    }

    [Fact]
    public void Questions_that_go_on_unanswered_are_silence()
    {
        Look(0, 1, 1);
        for (var i = 1; i <= 45; i++)
        {
            Assert.Equal(AnswerState.Answering, Look(i, 1 + (ulong)i, 1));
        }

        Assert.Equal(AnswerState.Silent, Look(46, 50, 1));
    }

    [Fact]
    public void A_ruleset_loaded_anew_counts_from_nothing()
    {
        Look(0, 100, 100);
        Assert.Equal(AnswerState.Idle, Look(1, 0, 0));
        Assert.Equal(AnswerState.Waiting, Look(2, 1, 0));
        Assert.Equal(AnswerState.Answering, Look(3, 1, 1));
    }

    private AnswerState Look(int second, ulong sent, ulong received) => _judge.Look(TimeSpan.FromSeconds(second), sent, received);
}
