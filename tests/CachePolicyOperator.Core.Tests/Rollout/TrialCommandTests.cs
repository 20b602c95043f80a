using CachePolicyOperator.Core.Rollout;

namespace CachePolicyOperator.Core.Tests.Rollout;

public sealed class TrialCommandTests
{
    private static readonly InForce Serving = TrialGateTests.Revision("serving");
    private static readonly InForce Next = TrialGateTests.Revision("next");
    private static readonly InForce Running = Serving with { Trial = Trial.Of(Next) };

    [Theory]
    [InlineData("pause", TrialStanding.Running, TrialStanding.Paused)]
    [InlineData("pause", TrialStanding.Paused, null)]
    [InlineData("resume", TrialStanding.Paused, TrialStanding.Running)]
    [InlineData("resume", TrialStanding.Running, null)]
    [InlineData("resume", TrialStanding.Aborted, null)]
    [InlineData("abort", TrialStanding.Running, TrialStanding.Aborted)]
    [InlineData("abort", TrialStanding.Paused, TrialStanding.Aborted)]
    [InlineData("abort", TrialStanding.Failed, null)]
    [InlineData("retry", TrialStanding.Aborted, TrialStanding.Running)]
    [InlineData("retry", TrialStanding.Running, TrialStanding.Running)]
    [InlineData("retry", TrialStanding.Failed, null)]
    [InlineData("promote", TrialStanding.Failed, null)]
    [InlineData("promote", TrialStanding.Aborted, null)]
    [InlineData(" pause ", TrialStanding.Running, TrialStanding.Paused)]
    [InlineData("stop", TrialStanding.Running, null)]
    public void A_trial_is_led_to(string word, TrialStanding standing, TrialStanding? next)
    {
        var answer = TrialCommand.Carry(word, TrialGate.Stand(Running, standing, "why"), "ordered by `anna`");

        Assert.Equal(next, answer.Next?.Trial?.Standing);
    }

    [Theory]
    [InlineData(TrialStanding.Running)]
    [InlineData(TrialStanding.Paused)]
    public void Who_promotes_puts_it_in_force_and_is_named(TrialStanding standing)
    {
        var answer = TrialCommand.Carry("promote", TrialGate.Stand(Running, standing, "why"), "ordered by `anna`");

        Assert.Equal(Next with { Lingering = Serving.Revision, Before = Serving }, answer.Next);
        Assert.Contains("`anna`", answer.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_passed_is_taken_back_to_what_served_before_and_may_be_tried_again()
    {
        var passed = TrialGate.Pass(Running);

        var undone = TrialCommand.Carry("undo", passed, "ordered by `anna`");

        Assert.Equal(Serving, undone.Next?.Alone);
        Assert.Equal((Next, TrialStanding.Aborted, "undone; ordered by `anna`"),
            (undone.Next?.Trial?.Candidate, undone.Next?.Trial?.Standing, undone.Next?.Trial?.Why));
        Assert.Null(TrialCommand.Carry("undo", undone.Next!, "anna").Next);
        Assert.Equal(TrialStanding.Running, TrialCommand.Carry("retry", undone.Next!, "anna").Next?.Trial?.Standing);
    }

    [Fact]
    public void What_is_on_trial_is_ended_and_not_taken_back()
    {
        var answer = TrialCommand.Carry("undo", Running, "anna");

        Assert.Equal((null, true), (answer.Next, answer.Message.Contains("`abort` it", StringComparison.Ordinal)));
    }

    [Fact]
    public void Where_nothing_is_on_trial_there_is_nothing_to_order()
    {
        Assert.All(TrialCommand.Words.Items, w => Assert.Null(TrialCommand.Carry(w, Serving, "anna").Next));
    }
}
