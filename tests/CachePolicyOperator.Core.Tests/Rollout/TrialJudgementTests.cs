using CachePolicyOperator.Core.AgentProtocol;
using CachePolicyOperator.Core.Model;
using CachePolicyOperator.Core.Rollout;

namespace CachePolicyOperator.Core.Tests.Rollout;

public sealed class TrialJudgementTests
{
    private static readonly Trial Trial = Trial.Of(TrialGateTests.Revision("next") with
    {
        Rollout = RolloutSettings.Default with { CanaryProbes = 100, CanaryWindow = Duration.FromSeconds(10) },
    });

    private static readonly TrialProgress Enough = new(
        Trial.Id, Trial.Candidate.Revision, 10, 110, 100, 0, 10, "GET /: status 503");

    public static TheoryData<string, TrialProgress?[], TrialOutcome> Canaries() => new()
    {
        { "no canary", [], TrialOutcome.Waiting },
        { "none that was ordered", [null], TrialOutcome.Waiting },
        { "another attempt's", [Enough with { Id = "other" }], TrialOutcome.Waiting },
        { "enough", [Enough], TrialOutcome.Passed },
        { "a pair short", [Enough with { Clear = 99 }], TrialOutcome.Running },
        { "too short a time", [Enough with { ServedSeconds = 9.9 }], TrialOutcome.Running },
        { "one of two", [Enough, null], TrialOutcome.Running },
        { "one of two is short", [Enough, Enough with { Clear = 99 }], TrialOutcome.Running },
        { "both", [Enough, Enough], TrialOutcome.Passed },
        { "a leak among many that showed nothing", [Enough, Enough with { Leaked = 1 }], TrialOutcome.Leaked },
        { "a leak before anything else", [Enough with { Clear = 0, ServedSeconds = 0, Leaked = 1 }],
            TrialOutcome.Leaked },
        { "most said nothing", [Enough with { Sent = 300, Clear = 99, Inconclusive = 201 }],
            TrialOutcome.Inconclusive },
        { "no answer at all", [Enough with { Sent = 300, Clear = 0, Inconclusive = 300, ServedSeconds = 900 }],
            TrialOutcome.Inconclusive },
    };

    [Theory]
    [MemberData(nameof(Canaries))]
    public void A_trial_comes_to(string why, TrialProgress?[] canaries, TrialOutcome outcome)
    {
        var judgement = TrialJudgement.Of(Trial, [.. canaries.Select(c => Status with { Trial = c })]);

        Assert.True(outcome == judgement.Outcome, $"{why}: {judgement}");
    }

    [Theory]
    [InlineData(false, true)]
    [InlineData(true, false)]
    public void What_nobody_watched_or_nothing_served_is_not_passed(bool isWatched, bool isRunning)
    {
        var status = Status with { Watching = isWatched, VarnishRunning = isRunning, Trial = Enough };

        Assert.Equal(TrialOutcome.Running, TrialJudgement.Of(Trial, [status]).Outcome);
        Assert.Equal(TrialOutcome.Running, TrialJudgement.Of(Trial, [Status with { Trial = Enough }, null]).Outcome);
    }

    [Theory]
    [InlineData(OriginContract.Warn, TrialOutcome.Passed)]
    [InlineData(OriginContract.Ignore, TrialOutcome.Passed)]
    [InlineData(OriginContract.Require, TrialOutcome.ContractBroken)]
    public void An_origin_that_does_not_forbid_to_store_its_personal_answers_holds_a_trial_where_that_is_demanded(
        OriginContract contract, TrialOutcome outcome)
    {
        var trial = Trial with
        {
            Candidate = Trial.Candidate with { OnGuard = GuardSettings.Default with { OriginContract = contract } },
        };
        var status = Status with { Trial = Enough, Contract = new ContractSight(["path /a"], ["path /b"]) };

        Assert.Equal(outcome, TrialJudgement.Of(trial, [status]).Outcome);
        Assert.Equal(TrialOutcome.Passed,
            TrialJudgement.Of(trial, [status with { Contract = new ContractSight(["path /a"], []) }]).Outcome);
        Assert.Equal(TrialOutcome.Leaked,
            TrialJudgement.Of(trial, [status with { Trial = Enough with { Leaked = 1 } }]).Outcome);
    }

    [Fact]
    public void Without_probes_the_time_alone_decides()
    {
        var silent = Trial with
        {
            Candidate = Trial.Candidate with { Rollout = Trial.Candidate.Rollout with { CanaryProbes = 0 } },
        };
        var served = new TrialProgress(Trial.Id, Trial.Candidate.Revision, 0, 0, 0, 0, 0, null);

        Assert.Equal(
            [TrialOutcome.Running, TrialOutcome.Passed],
            new[] { 9.0,
                10.0 }.Select(s =>
                TrialJudgement.Of(silent, [Status with { Trial = served with { ServedSeconds = s } }]).Outcome));
    }

    [Fact]
    public void The_default_number_of_pairs_misses_a_leak_of_4_in_5000_with_a_hundredth()
    {
        var missed = Math.Pow(1 - (4.0 / 5000), RolloutSettings.Default.CanaryProbes);

        Assert.InRange(missed, 0.00999, 0.01);
    }

    private static AgentStatus Status => new(
        "i", "7.1.1", true, CacheLevel.Cached, Trial.Candidate.Revision, true, Trial.Candidate.Revision,
        [Trial.Candidate.Revision], true, null, 0, 0);
}
