namespace CachePolicyOperator.Oracle.Real;

/// <summary>A fetch: all its tries, and what the origin saw of each.</summary>
internal sealed record Fetch(string Reason, IReadOnlyList<(Transaction Log, HttpHead? Seen)> Tries);

/// <summary>One pass through <c>vcl_recv</c>: the request itself, or a restart of it.</summary>
internal sealed record Round(int Restarts, Transaction Log, IReadOnlyList<Fetch> Fetches);

/// <summary>A request of a client, or a sub-request for a fragment, with all its restarts.</summary>
/// <param name="Exchange">The number of the exchange it belongs to; null where the log does not say.</param>
internal sealed record Happening(int? Exchange, bool IsFragment, IReadOnlyList<Round> Rounds);

/// <summary>What became of a batch of exchanges.</summary>
internal sealed record Happenings(IReadOnlyList<Happening> All, bool IsComplete)
{
    public static Happenings Of(IReadOnlyDictionary<uint, Transaction> log, ScriptedOrigin origin, int last)
    {
        var isComplete = true;
        var seesLast = false;
        var all = new List<Happening>();
        foreach (var root in log.Values.Where(t => t is { Kind: "req", Reason: "rxreq" or "esi" })
            .OrderBy(t => t.Number))
        {
            var number = ExchangeOf(root);
            seesLast |= number == last;
            var rounds = new List<Round>();
            for (var log1 = root; log1 is not null;)
            {
                var fetches = log1.Links.Where(l => l.Kind == "bereq").Select(l => FetchOf(l.Number, l.Reason))
                    .ToList();
                rounds.Add(new Round(rounds.Count, log1, fetches));
                var next = log1.Links.FirstOrDefault(l => l is { Kind: "req", Reason: "restart" });
                log1 = next.Kind is null ? null : Find(next.Number);
            }

            if (number != last)
            {
                all.Add(new Happening(number, root.Reason == "esi", rounds));
            }
        }

        return new Happenings(all, isComplete && seesLast);

        Fetch FetchOf(uint first, string reason)
        {
            var tries = new List<(Transaction, HttpHead?)>();
            for (var log1 = Find(first); log1 is not null;)
            {
                tries.Add((log1, origin.Seen(log1.Number)));
                var next = log1.Links.FirstOrDefault(l => l is { Kind: "bereq", Reason: "retry" });
                log1 = next.Kind is null ? null : Find(next.Number);
            }

            return new Fetch(reason, tries);
        }

        Transaction? Find(uint number)
        {
            var found = log.GetValueOrDefault(number);
            isComplete &= found is not null;
            return found;
        }
    }

    private static int? ExchangeOf(Transaction root) =>
        root.HeadersBefore("RECV", LogTag.ReqHeader, LogTag.ReqUnset)
            .FirstOrDefault(h => h.Name == Exchange.Mark).Value is { } value
            && int.TryParse(value, out var number) ? number : null;
}
