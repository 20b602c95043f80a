namespace CachePolicyOperator.Agent.Trials;

/// <summary>One probe of a pair, and what it got.</summary>
/// <param name="Who">Null: it brought no identity.</param>
internal sealed record Asked(ProbeIdentity? Who, ProbeAnswer Answer);

/// <summary>What a pair of probes shows.</summary>
internal enum PairResult
{
    Clear,
    Leaked,
    Inconclusive,
}

/// <summary>Judges a pair by what both were answered. No answer is no success.</summary>
internal static class PairJudge
{
    /// <param name="trial">The beginning of the markers of this trial.</param>
    /// <param name="route">The personal route that was asked for; null where it is in none.</param>
    public static (PairResult Result, string? Note) Judge(
        string trial, string target, string? route, IReadOnlyCollection<Asked> pair)
    {
        foreach (var (who, answer) in pair.Select(p => (p.Who, p.Answer)))
        {
            if (ProbeIdentity.Foreign(answer.Text, trial, who) is not null)
            {
                return (PairResult.Leaked, $"GET {target}: one identity got an answer made for another");
            }

            if (route is not null && answer.IsFromCache)
            {
                return (PairResult.Leaked, $"GET {target}: personal ({route}), and answered from the cache");
            }
        }

        return pair.FirstOrDefault(p => !p.Answer.IsConclusive) is { } silent
            ? (PairResult.Inconclusive, $"GET {target}: {silent.Answer.Why}")
            : (PairResult.Clear, null);
    }
}
