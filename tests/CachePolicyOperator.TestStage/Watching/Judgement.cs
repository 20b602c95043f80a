using CachePolicyOperator.TestStage.Traffic;

namespace CachePolicyOperator.TestStage.Watching;

/// <summary>Whether a record shows what must never be: pure, so that it can itself be tested.</summary>
/// <param name="Unreached">The longest time in which a page was not had though the origin was well.</param>
/// <param name="Untrue">The longest time in which clients saw otherwise than the status said.</param>
/// <param name="Findings">What broke a bound, in words; empty where all is well.</param>
public sealed record Judgement(
    int Requests, int Errors, TimeSpan Unreached, TimeSpan Untrue, int Leaks, IReadOnlyList<string> Findings)
{
    public static readonly TimeSpan MostUnreached = TimeSpan.FromSeconds(2);

    public static readonly TimeSpan MostUntrue = TimeSpan.FromSeconds(1);

    // Two contradictions that lie further apart are two.
    private static readonly TimeSpan Apart = TimeSpan.FromMilliseconds(500);

    public bool IsWell => Findings.Count == 0;

    /// <param name="leaksExcused">When somebody loaded a leak behind the operator's back.</param>
    /// <param name="outagesExcused">When nobody was there to lead clients elsewhere.</param>
    /// <param name="liesExcused">When Kubernetes itself did not do yet what its API server said.</param>
    public static Judgement Of(
        Recording record,
        IReadOnlyCollection<Excuse>? leaksExcused = null,
        IReadOnlyCollection<Excuse>? outagesExcused = null,
        IReadOnlyCollection<Excuse>? liesExcused = null)
    {
        var answers = record.Answers.OrderBy(a => a.Asked).ToArray();
        var outage = Outages(record, outagesExcused ?? []).OrderByDescending(s => s.Length).FirstOrDefault();
        var held =
            record with { Answers = [.. record.Answers.Where(a => liesExcused?.Any(e => e.Covers(a.Asked)) != true)] };
        var lie = Lies(held).OrderByDescending(s => s.Length).FirstOrDefault();
        var leaks = answers.Where(a => a.Leaked && leaksExcused?.Any(e => e.Covers(a.Asked)) != true).ToArray();
        List<string> findings = [];
        if (outage is not null && outage.Length > MostUnreached)
        {
            findings.Add($"the origin was well and not reached: {outage}");
        }

        if (lie is not null && lie.Length > MostUntrue)
        {
            findings.Add($"the status said what was not so: {lie}");
        }

        if (leaks.Length > 0)
        {
            findings.Add($"{leaks.Length} personal pages from the cache or of somebody else, the first {leaks[0]}");
        }

        return new Judgement(
            answers.Length, answers.Count(a => !a.Succeeded), outage?.Length ?? TimeSpan.Zero,
                lie?.Length ?? TimeSpan.Zero, leaks.Length, findings);
    }

    /// <summary>The worse of two, of clients who came in by different doors.</summary>
    public Judgement And(Judgement other, string door) => new(
        Requests + other.Requests,
        Errors + other.Errors,
        Unreached > other.Unreached ? Unreached : other.Unreached,
        Untrue > other.Untrue ? Untrue : other.Untrue,
        Leaks + other.Leaks,
        [.. Findings, .. other.Findings.Select(f => $"{door}: {f}")]);

    private static IEnumerable<Span> Outages(Recording record, IReadOnlyCollection<Excuse> excused)
    {
        foreach (var page in record.Answers.GroupBy(a => a.Page))
        {
            Answer? first = null;
            var from = TimeSpan.Zero;
            foreach (var answer in page.OrderBy(a => a.Asked))
            {
                if (answer.Succeeded && first is not null)
                {
                    yield return Net(record, from, answer.Got, $"{first} until {answer}");
                }

                (first, from) = answer.Succeeded ? (null, from) : first is null ? (answer, answer.Asked)
                    : (first, from);
                from = excused.Where(e => e.Covers(answer.Got)).Select(_ => answer.Got).Append(from).Max();
                // Nobody could reach an origin that was not there.
                from = record.Looks.LastOrDefault(l => !l.OriginIsWell && l.At <= answer.Got) is { } ill
                    && ill.At > from ? ill.At : from;
            }

            if (first is not null)
            {
                yield return Net(record, from, page.Max(a => a.Got), $"{first} until the end");
            }
        }
    }

    private static IEnumerable<Span> Lies(Recording record) =>
    [
        .. Runs(record, (claim, a) => a.ThroughVarnish && claim == "NoCache", (_, _) => false),
        .. Runs(record, (claim, a) => a.Hit && claim == "Bypassed", (_, _) => false),
        .. Runs(record,
            (claim, a) => a is { Succeeded: true, ThroughVarnish: false } && claim is "Bypassed" or "Cached", (_, _) =>
            false),
        // Of two pods one may have stored what the other has not.
        .. Runs(record, (claim, a) => a is { Page: Page.Asset, Succeeded: true, Hit: false } && claim == "Cached",
            (_, a) => a.Hit),
    ];

    private static IEnumerable<Span> Runs(
        Recording record, Func<string, Answer, bool> contradicts, Func<string, Answer, bool> clears)
    {
        (Answer First, Answer Last, string Claim)? run = null;
        foreach (var answer in record.Answers.OrderBy(a => a.Asked))
        {
            var isFar = run is { } present && answer.Asked - present.Last.Asked > Apart;
            if (Claim(record, answer) is not { } claim)
            {
                continue;
            }

            if (run is { } ended && (isFar || clears(claim, answer) || ended.Claim != claim))
            {
                yield return Net(record, ended.First.Asked, ended.Last.Asked,
                    $"{ended.Claim} was said from {ended.First} until {ended.Last}");
                run = null;
            }

            if (contradicts(claim, answer))
            {
                run = run is { } known ? (known.First, answer, claim) : (answer, answer, claim);
            }
        }

        if (run is { } last)
        {
            yield return Net(record, last.First.Asked, last.Last.Asked,
                $"{last.Claim} was said from {last.First} until {last.Last}");
        }
    }

    // Null where the status said nothing, or changed while the client waited.
    private static string? Claim(Recording record, Answer answer)
    {
        var before = record.Looks.LastOrDefault(l => l.At <= answer.Asked)?.Level;
        var after = record.Looks.FirstOrDefault(l => l.At >= answer.Got)?.Level ?? before;
        return before == after ? before : null;
    }

    // Without what the machine took from everybody: a test may run beside others.
    private static Span Net(Recording record, TimeSpan from, TimeSpan to, string what)
    {
        var late = record.Looks.Where(l => l.At >= from && l.At <= to).Sum(l => l.Late.TotalMilliseconds);
        return new Span(TimeSpan.FromMilliseconds(Math.Max(0, (to - from).TotalMilliseconds - late)), what);
    }

    private sealed record Span(TimeSpan Length, string What)
    {
        public override string ToString() => $"{Length.TotalMilliseconds:F0} ms, {What}";
    }
}
