using CachePolicyOperator.Core.Verification.State;
using CachePolicyOperator.Oracle.Model;
using CachePolicyOperator.Oracle.Real;

namespace CachePolicyOperator.Oracle.Judge;

/// <summary>
/// Compares what varnishd did with the requests of a batch with what the exploration considers possible.
/// </summary>
internal sealed class BatchJudge(VclModel model)
{
    private readonly ConcreteValues _values = new();
    private readonly KnownFacts _facts = new();
    private readonly List<Disagreement> _unsound = [];
    private readonly Dictionary<string, int> _imprecise = [];
    private readonly HashSet<uint> _storable = [];
    private readonly HashSet<uint> _fetched = [];
    private readonly ILookup<int, SymbolicState> _lookups = model.Lookups.ToLookup(p => p.Restarts);
    private readonly ILookup<int, SymbolicState> _hashed = model.Hashed.ToLookup(p => p.Restarts);
    private readonly ILookup<int, SymbolicState> _sent = model.Sent.ToLookup(p => p.Restarts);
    private readonly ILookup<int, SymbolicState> _stores = model.Stores.Select(o => o.State).ToLookup(p => p.Restarts);
    private readonly ILookup<int,
        SymbolicState> _errorStores = model.ErrorStores.Select(o => o.State).ToLookup(p => p.Restarts);
    private readonly HashSet<string> _sentNames = [.. model.Sent.SelectMany(NamesOf)];
    private int _lookupCount;
    private int _fetchCount;
    private int _storeCount;
    private int _hitCount;

    public Judgement Judge(Happenings happenings)
    {
        var decisions = 0;
        foreach (var happening in happenings.All.Where(h => h.Exchange is not null && h.Rounds[0].Log.Called("RECV")))
        {
            decisions++;
            Judge(happening);
        }

        foreach (var happening in happenings.All.Where(h => h.Exchange is not null))
        {
            JudgeHits(happening);
        }

        return new Judgement(decisions, _lookupCount, _fetchCount, _storeCount, _hitCount, [.. _unsound], _imprecise);
    }

    private void Judge(Happening happening)
    {
        var number = happening.Exchange!.Value;
        var inputs = ConcreteInputs.OfRequest(happening.Rounds[0].Log, _facts);
        if (inputs.OutsideOf(model.Solver) is { } outside)
        {
            _unsound.Add(new Disagreement("input", number, $"`{outside}` cannot arrive so"));
            return;
        }

        foreach (var round in happening.Rounds)
        {
            var accepting = _hashed[round.Restarts].Where(inputs.Take).ToList();
            if (round.Log.ReturnOf("RECV") != "hash" || round.Log.ReturnOf("HASH") != "lookup")
            {
                CountImprecise(round.Restarts == 0 ? accepting : []);
                continue;
            }

            _lookupCount++;
            JudgeLookup(number, round, inputs, accepting);
            foreach (var fetch in round.Fetches.Where(f => f.Reason is "fetch" or "bgfetch"))
            {
                JudgeFetch(number, round, fetch, inputs);
            }
        }
    }

    private void JudgeLookup(int number, Round round, ConcreteInputs inputs, List<SymbolicState> accepting)
    {
        if (accepting.Count == 0)
        {
            var kind = _lookups[round.Restarts].Any(inputs.Take) ? "no way through `vcl_hash`"
                : "no way to this lookup";
            _unsound.Add(new Disagreement("lookup", number, $"{kind} after {round.Restarts} restarts"));
            return;
        }

        var records = round.Log.HashRecords;
        var same = accepting.Where(p => IsKey(p, inputs, records)).ToList();
        if (same.Count == 0)
        {
            var keys = string.Join("; or ",
                accepting.Take(3).Select(p => string.Join(", ", p.Key.Select(k => _values.Of(k, inputs)))));
            _unsound.Add(
                new Disagreement("key", number,
                $"hashed {string.Join(", ", records.Select(r => $"\"{r}\""))}; expected {keys}"));
        }
        else if (same.Count < accepting.Count)
        {
            CountImprecise([.. accepting.Except(same)]);
        }
    }

    private void JudgeFetch(int number, Round round, Fetch fetch, ConcreteInputs inputs)
    {
        var records = round.Log.HashRecords;
        foreach (var (log, seen) in fetch.Tries)
        {
            _fetched.Add(log.Number);
            if (seen is not null)
            {
                _fetchCount++;
                JudgeSent(number, round, inputs, records, seen);
            }

            if (!log.Delivers)
            {
                continue;
            }

            var whole = inputs.WithResponse(log);
            if (whole.OutsideOf(model.Solver) is { } outside)
            {
                _unsound.Add(new Disagreement("input", number, $"`{outside}` cannot arrive so"));
                continue;
            }

            var accepting = (log.Called("BACKEND_ERROR") ? _errorStores : _stores)[round.Restarts].Where(whole.Take)
                .ToList();
            var isShared = IsShared(log);
            if (accepting.Exists(p => IsKey(p, whole, records)))
            {
                _storable.Add(log.Number);
                if (!isShared)
                {
                    CountImprecise(accepting);
                }
            }
            else if (isShared)
            {
                _unsound.Add(
                    new Disagreement("stored", number, accepting.Count == 0 ? "no way to store this response"
                    : "not under this key"));
            }

            _storeCount += isShared ? 1 : 0;
        }
    }

    private void JudgeSent(int number, Round round, ConcreteInputs inputs, IReadOnlyList<string> records, HttpHead seen)
    {
        string? difference = "no way to a fetch";
        foreach (var path in _sent[round.Restarts].Where(inputs.Take))
        {
            if (!IsKey(path, inputs, records))
            {
                continue;
            }

            difference = ForwardedMatch.Difference(path, inputs, seen, _sentNames, _values);
            if (difference is null)
            {
                return;
            }
        }

        _unsound.Add(new Disagreement("forwarded", number, difference!));
    }

    private void JudgeHits(Happening happening)
    {
        foreach (var hit in happening.Rounds.Select(r => r.Log.HitObject).OfType<uint>())
        {
            _hitCount++;
            if (_fetched.Contains(hit) && !_storable.Contains(hit))
            {
                _unsound.Add(
                    new Disagreement("hit", happening.Exchange!.Value,
                    "served an object that cannot have been stored"));
            }
        }
    }

    private bool IsKey(SymbolicState path, ConcreteInputs inputs, IReadOnlyList<string> records) =>
        KeyMatch.Matches([.. path.Key.Select(k => _values.Of(k, inputs))], records);

    private void CountImprecise(List<SymbolicState> paths)
    {
        if (paths.Count == 0)
        {
            return;
        }

        var exact = paths.FirstOrDefault(p => p.Approximation is null);
        var cause = exact is null ? paths[0].Approximation!.Reason
            : exact.Assumed.Count > 0 || exact.Flags.Count > 0 ? "a condition that nothing decides"
            : exact.Restarts > 0 ? "what the cache holds decides" : "no reason noted";
        _imprecise[cause] = _imprecise.GetValueOrDefault(cause) + 1;
    }

    /// <summary>Whether the log says that others may get the object: a private one is called uncacheable.</summary>
    private static bool IsShared(Transaction log) =>
        log.Last(LogTag.TTL)?.EndsWith(" cacheable", StringComparison.Ordinal) == true;

    private static IEnumerable<string> NamesOf(SymbolicState path) => path.Fields.Keys
        .Where(v => v.IsOfField && (v.IsOfClient || v.IsOfBackendRequest)).Select(v => v.FieldName!);
}
