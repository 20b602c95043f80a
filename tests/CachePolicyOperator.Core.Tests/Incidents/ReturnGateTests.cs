using CachePolicyOperator.Core.Incidents;
using static CachePolicyOperator.Core.Tests.Incidents.AnIncident;

namespace CachePolicyOperator.Core.Tests.Incidents;

public sealed class ReturnGateTests
{
    [Fact]
    public void Another_proven_revision_may_return_and_closes_every_open_incident()
    {
        var answer =
            ReturnGate.Decide(Other.ToString(), Other, [Open("b"), Open("a"), Open("c") with { IsOpen = false }]);

        Assert.True(answer.IsGranted);
        Assert.Equal(["a", "b"], answer.Closes.ToArray());
    }

    [Fact]
    public void Twelve_digits_name_a_revision_and_fewer_do_not()
    {
        Assert.Equal(Other, ReturnGate.Decide("cccccccccccc", Other, [Open()]).Digest);
        Assert.False(ReturnGate.Decide("ccccccccccc", Other, [Open()]).IsGranted);
        Assert.False(ReturnGate.Decide("", Other, [Open()]).IsGranted);
    }

    public static TheoryData<string, string, string?> Refusals() => new()
    {
        { "the revision that leaked", $"{Leaking}", $"{Other}" },
        { "the revision that was meant to serve", $"{Meant}", $"{Meant}" },
        { "one that is not proven", $"{Other}", null },
        { "one that is not that of the policy", $"{Other}", $"{Digits('d')}" },
        { "a name for the leaking one by its first digits", "bbbbbbbbbbbb", $"{Leaking}" },
    };

    [Theory]
    [MemberData(nameof(Refusals))]
    public void It_refuses(string why, string asked, string? proven)
    {
        var answer = ReturnGate.Decide(asked, Digest.Read(proven), [Open()]);

        Assert.False(answer.IsGranted, why);
        Assert.Empty(answer.Closes);
    }

    [Fact]
    public void What_any_open_incident_suspects_is_refused_not_only_what_the_first_does()
    {
        var second = Open("b") with { Revisions = [Other] };

        var answer = ReturnGate.Decide($"{Other}", Other, [Open("a"), second]);

        Assert.False(answer.IsGranted);
        Assert.Contains("in service when the cache leaked", answer.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_no_incident_suspects_may_return_as_it_was() =>
        Assert.Equal(Meant, ReturnGate.Decide($"{Meant}", Meant, [Open() with { Revisions = [] }]).Digest);

    [Fact]
    public void There_is_nothing_to_return_from_without_an_open_incident() =>
        Assert.Contains("no incident is open",
            ReturnGate.Decide(Other.ToString(), Other, [Open() with { IsOpen = false }]).Message);
}
