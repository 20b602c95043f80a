using CachePolicyOperator.TestStage.Traffic;
using CachePolicyOperator.TestStage.Watching;

namespace CachePolicyOperator.EndToEnd.Tests.Situations;

/// <summary>The judge of situations sees what it is there to see: one record a fault.</summary>
public sealed class JudgementTests
{
    private const int Seconds = 10;

    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(100);

    public static TheoryData<string, Recording, string?> Records() => new()
    {
        { "all is well", Of(Cached), null },
        { "a page is not had for two seconds", Of(at => Cached(at) with { Status = At(at, 3, 5.2) ? 503 : 200 }),
            "well and not reached" },
        { "for less than that", Of(at => Cached(at) with { Status = At(at, 3, 4.7) ? 503 : 200 }), null },
        { "never again", Of(at => Cached(at) with { Status = at.TotalSeconds > 7 ? 0 : 200 }), "well and not reached" },
        { "the origin is away, too",
            Of(at => Cached(at) with { Status = At(at, 3, 6) ? 503 : 200 }, originIsWell: at => !At(at, 3, 5)), null },
        { "the machine was",
            Of(at => Cached(at) with { Status = At(at, 3, 5.2) ? 503 : 200 }, late: at => At(at, 4, 4.05) ? 900 : 0),
            null },
        { "NoCache is said of a cache", Of(Cached, level: at => At(at, 3, 5) ? "NoCache" : "Cached"),
            "said what was not so" },
        { "for a moment", Of(Cached, level: at => At(at, 3, 3.9) ? "NoCache" : "Cached"), null },
        { "Bypassed is said of a cache", Of(Cached, level: _ => "Bypassed"), "said what was not so" },
        { "Cached is said of an origin", Of(at => Cached(at) with { Hit = false, ThroughVarnish = false }),
            "said what was not so" },
        { "Cached is said of a bypass", Of(at => Cached(at) with { Hit = false }), "said what was not so" },
        { "one of two pods has not stored it yet", Of(at => Cached(at) with { Hit = (int)(at / Step) % 2 == 0 }),
            null },
        { "nothing is said", Of(Cached, level: _ => null), null },
        { "a page of one person comes from the cache", Of(at => Mine(at) with { Hit = at.TotalSeconds > 9 }),
            "personal pages" },
        { "somebody else's", Of(at => Mine(at) with { Owner = at.TotalSeconds > 9 ? "bob" : "alice" }),
            "personal pages" },
        { "one's own", Of(Mine, level: _ => "Bypassed"), null },
    };

    [Theory]
    [MemberData(nameof(Records))]
    public void It_is_told_where(string why, Recording record, string? found)
    {
        var findings = string.Join('\n', Judgement.Of(record).Findings);

        Assert.True(found is null ? findings.Length == 0 : findings.Contains(found, StringComparison.Ordinal),
            $"{why}: {findings}");
    }

    [Fact]
    public void A_leak_that_somebody_loaded_is_held_against_nobody_for_its_time()
    {
        var record = Of(at => Mine(at) with { Hit = At(at, 3, 3.5) }, level: _ => "Cached");

        Assert.Equal(0, Judgement.Of(record, [new Excuse(TimeSpan.FromSeconds(2.5), TimeSpan.FromSeconds(3.5))]).Leaks);
        Assert.NotEqual(0,
            Judgement.Of(record, [new Excuse(TimeSpan.FromSeconds(2.5), TimeSpan.FromSeconds(3.2))]).Leaks);
    }

    private static Answer Cached(TimeSpan at) => new(at, at + (Step / 10), Page.Asset, 200, null, true, true);

    private static Answer Mine(TimeSpan at) => new(at, at + (Step / 10), Page.Alice, 200, "alice", false, true);

    private static bool At(TimeSpan at, double from, double to) => at.TotalSeconds >= from && at.TotalSeconds < to;

    private static Recording Of(
        Func<TimeSpan, Answer> answer, Func<TimeSpan, string?>? level = null, Func<TimeSpan, bool>? originIsWell = null,
            Func<TimeSpan, int>? late = null)
    {
        var times = Enumerable.Range(0, (int)(TimeSpan.FromSeconds(Seconds) / Step)).Select(i => i * Step).ToArray();
        return new Recording(
            [.. times.Select(answer)],
            [
                .. times.Select(at => new Look(
                    at, level is null ? "Cached" : level(at), "Cached", null, "", originIsWell?.Invoke(at) != false,
                    TimeSpan.FromMilliseconds(late?.Invoke(at) ?? 0))),
            ],
            []);
    }
}
