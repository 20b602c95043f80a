using CachePolicyOperator.Oracle.Generate;
using CachePolicyOperator.Oracle.Real;

namespace CachePolicyOperator.Oracle.Judge;

/// <summary>
/// Whether a client was served from the cache what was made for another one: an answer for which the origin was asked
/// otherwise than it is asked for that client alone. Of what is proven, none may be.
/// </summary>
internal static class TwinJudge
{
    private static readonly string[] OfNobody = ["host", "x-varnish", "x-vinyl", Exchange.Mark];

    public static IEnumerable<Disagreement> LeaksOf(IReadOnlyList<Exchange> exchanges, Happenings happenings) =>
        from twin in exchanges.Select(
            (exchange, number) =>
            (Host: exchange.Headers.Lines.FirstOrDefault(l => l.Name == "Host")?.Value ?? string.Empty, number))
            .Where(e => e.Host.Contains(Twins.Domain, StringComparison.Ordinal)).GroupBy(e => e.Host[1..])
                .Select(g => g.ToArray())
        where twin is [{ Host: ['a', ..] }, { Host: ['b', ..] }, { Host: ['a', ..] }]
        from leak in LeaksOf(happenings, twin[0].number, twin[1].number, twin[2].number, twin[0].Host[1..])
        select leak;

    private static IEnumerable<Disagreement> LeaksOf(
        Happenings happenings, int first, int alone, int second, string host)
    {
        if (Of(first) is not { } one || Of(alone) is not { } other
            || Of(second)?.Rounds[^1].Log.HitObject is not { } hit
            || one.Rounds.SelectMany(r => r.Fetches).SelectMany(f => f.Tries).Where(t => t.Log.Number == hit)
                .ToArray() is not [var stored]
            || other.Rounds.SelectMany(r => r.Fetches).Where(f => f.Reason == "fetch").SelectMany(f => f.Tries)
                .ToArray() is not [.., var due])
        {
            yield break;
        }

        var (got, wanted) = (Asked(stored, "a" + host), Asked(due, "b" + host));
        if (got != wanted)
        {
            yield return new Disagreement("proven", second,
                $"served what was asked for as [{got}], and alone it would be [{wanted}]");
        }

        Happening? Of(int exchange) => happenings.All.FirstOrDefault(h => h.Exchange == exchange && !h.IsFragment);
    }

    // What the origin was told, or what varnishd answered in its place.
    private static string Asked((Transaction Log, HttpHead? Seen) fetch, string host) => (fetch.Seen is { } seen
        ? string.Join(" | ",
            seen.Lines.Where(l => !OfNobody.Contains(l.Name))
            .Select(l => l.Name == "cookie" ? $"cookie: {Identities(l.Value)}" : $"{l.Name}: {l.Value}")
            .Where(l => l != "cookie: ").Order(StringComparer.Ordinal).Prepend(seen.First))
        : string.Join(" | ",
            fetch.Log.All(LogTag.BerespStatus).TakeLast(1).Concat(fetch.Log.All(LogTag.BerespReason).TakeLast(1))))
        .Replace(host, "HOST", StringComparison.Ordinal);

    // Cookies that are declared to say nothing may be sent.
    private static string Identities(string cookies) =>
        string.Join(';', cookies.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
        .Where(c => c is not ("vip=1" or "lang=de")).Order(StringComparer.Ordinal));
}
