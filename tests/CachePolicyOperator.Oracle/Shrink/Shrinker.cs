using CachePolicyOperator.Oracle.Fuzz;
using CachePolicyOperator.Oracle.Judge;
using CachePolicyOperator.Oracle.Real;

namespace CachePolicyOperator.Oracle.Shrink;

/// <summary>
/// Makes a case that disagrees small: fewer requests, fewer statements, fewer header fields, as long as it disagrees in
/// the same way.
/// </summary>
internal sealed class Shrinker(Trials trials)
{
    private const int MaxTrials = 400;

    private int _trials;

    public async Task<Case> ShrinkAsync(Case whole, Disagreement found, CancellationToken cancellationToken)
    {
        _trials = 0;
        var exchanges = whole.Exchanges;
        Case[] beginnings = [whole with { Exchanges = [exchanges[found.Exchange]] },
            whole with { Exchanges = [.. exchanges.Take(found.Exchange + 1)] }];
        var small = await FirstAsync(beginnings, found.Kind, cancellationToken) ?? whole;
        small = await FewerExchangesAsync(small, found.Kind, cancellationToken);
        // What a policy says is said of its whole text.
        while (found.Kind != "policy"
            && await FirstAsync(SmallerVcls(small), found.Kind, cancellationToken) is { } smaller)
        {
            small = smaller;
        }

        while (await FirstAsync(SmallerExchanges(small), found.Kind, cancellationToken) is { } smaller)
        {
            small = smaller;
        }

        return small;
    }

    private async Task<Case> FewerExchangesAsync(Case small, string kind, CancellationToken cancellationToken)
    {
        for (var size = small.Exchanges.Count / 2; size >= 1; size /= 2)
        {
            for (var at = 0; at < small.Exchanges.Count && small.Exchanges.Count > 1;)
            {
                var fewer =
                    small with { Exchanges = [.. small.Exchanges.Take(at), .. small.Exchanges.Skip(at + size)] };
                if (fewer.Exchanges.Count > 0 && await DisagreesAsync(fewer, kind, cancellationToken))
                {
                    small = fewer;
                }
                else
                {
                    at += size;
                }
            }
        }

        return small;
    }

    private static IEnumerable<Case> SmallerVcls(Case small) =>
        VclReducer.Smaller(small.Vcl).Select(v => small with { Vcl = v });

    private static IEnumerable<Case> SmallerExchanges(Case small)
    {
        for (var i = 0; i < small.Exchanges.Count; i++)
        {
            foreach (var exchange in Smaller(small.Exchanges[i]))
            {
                yield return small with
                {
                    Exchanges =
                    [.. small.Exchanges.Take(i), exchange, .. small.Exchanges.Skip(i + 1)]
                };
            }
        }
    }

    private static IEnumerable<Exchange> Smaller(Exchange exchange)
    {
        for (var i = 0; i < exchange.Headers.Lines.Count; i++)
        {
            yield return exchange with { Headers = Without(exchange.Headers, i) };
        }

        for (var i = 0; i < exchange.Answer.Headers.Lines.Count; i++)
        {
            yield return exchange with
            {
                Answer =
                exchange.Answer with { Headers = Without(exchange.Answer.Headers, i) }
            };
        }

        if (exchange.Answer.Status != 200)
        {
            yield return exchange with { Answer = exchange.Answer with { Status = 200 } };
        }

        if (exchange.Method != "GET")
        {
            yield return exchange with { Method = "GET" };
        }

        if (exchange.Target != "/")
        {
            yield return exchange with { Target = "/" };
        }
    }

    private static EquatableHeaders Without(EquatableHeaders headers, int index) =>
        new(headers.Lines.Where((_, i) => i != index));

    private async Task<Case?> FirstAsync(IEnumerable<Case> cases, string kind, CancellationToken cancellationToken)
    {
        foreach (var smaller in cases)
        {
            if (await DisagreesAsync(smaller, kind, cancellationToken))
            {
                return smaller;
            }
        }

        return null;
    }

    private async Task<bool> DisagreesAsync(Case smaller, string kind, CancellationToken cancellationToken) =>
        _trials++ < MaxTrials
        && (await trials.PlayAsync(smaller, cancellationToken)).Trial is { } trial
        && trial.Judgement.Unsound.Any(u => u.Kind == kind);
}
