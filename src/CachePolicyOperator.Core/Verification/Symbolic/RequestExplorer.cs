namespace CachePolicyOperator.Core.Verification.Symbolic;

/// <summary>
/// Follows requests through varnishd's state machine (7.x and 8.x): from <c>vcl_recv</c> to a lookup, and from a lookup
/// to what a fetch may store. What the cache holds and what the origin answers is the adversary's choice.
/// </summary>
internal sealed class RequestExplorer(ProgramFacts program, Executor executor)
{
    /// <summary>varnishd's default of the parameters max_restarts and max_retries.</summary>
    internal const int MaxRounds = 4;

    private readonly bool _restarts = program.Returns("restart");

    /// <summary>Every way to a lookup, after any number of restarts.</summary>
    public IReadOnlyList<PathState> Lookups(PathState start)
    {
        var lookups = new List<PathState>();
        IReadOnlyList<PathState> round = [start];
        for (var restarts = 0; restarts <= MaxRounds && round.Count > 0; restarts++)
        {
            var received = Run("vcl_recv", round);
            lookups.AddRange(With(received, "hash"));
            round = _restarts ? Restarted(received) : [];
        }

        return executor.Merge(lookups);
    }

    /// <summary>Every backend request whose answer may be stored: of a miss, and of a refresh behind a stale hit.</summary>
    public IReadOnlyList<PathState> Fetches(IReadOnlyList<PathState> lookups)
    {
        var hashed = With(Run("vcl_hash", lookups), "lookup");
        var missed = With(Run("vcl_miss", hashed), "fetch");
        var hit = With(Run("vcl_hit", hashed), "deliver");
        return executor.Merge([.. missed.Concat(hit).Select(s => Begin(s))]);
    }

    /// <summary>Every way from a backend request to an object that a later request may be served.</summary>
    public IReadOnlyList<Outcome> Stores(IReadOnlyList<PathState> fetches, PathState? response = null)
    {
        var stores = new List<Outcome>();
        var round = fetches;
        for (var retries = 0; retries <= MaxRounds && round.Count > 0; retries++)
        {
            var fetched = With(Run("vcl_backend_fetch", round), "fetch");
            var answered = Run("vcl_backend_response", [.. fetched.Select(f => Answered(f, response))]);
            stores.AddRange(answered.Where(o => o.Action == "deliver" && !IsUncacheable(o.State)));
            round = executor.Merge(With(answered, "retry"));
        }

        return stores;
    }

    // varnishd asks the origin with GET whatever the client's method was; only a pass makes a backend request uncacheable.
    private static PathState Begin(PathState state) =>
        state.With("bereq.method", new ConstantText("GET")).WithFlag("bereq.uncacheable", false);

    /// <summary>A path whose object is private to its request by the flag that varnishd honours.</summary>
    private static bool IsUncacheable(PathState state) => state.Flags.GetValueOrDefault(PathFacts.Uncacheable);

    private static PathState Answered(PathState fetch, PathState? response) => fetch with
    {
        Known = fetch.Known.RemoveRange(fetch.Known.Keys.Where(IsResponse)).SetItems(response?.Known ?? []),
        Fields = fetch.Fields.RemoveRange(fetch.Fields.Keys.Where(IsResponse)),
        Strings = fetch.Strings.RemoveRange(fetch.Strings.Keys.Where(IsResponse)),
        Flags = fetch.Flags.RemoveRange(fetch.Flags.Keys.Where(IsResponse)),
        Assumed = fetch.Assumed.RemoveRange(fetch.Assumed.Keys.Where(k => k.Contains("beresp", StringComparison.OrdinalIgnoreCase))),
    };

    private static bool IsResponse(string name) => name.StartsWith("beresp.", StringComparison.Ordinal);

    private IReadOnlyList<PathState> Restarted(IReadOnlyList<Outcome> received)
    {
        var hashed = With(Run("vcl_hash", With(received, "hash")), "lookup");
        Outcome[] looked = [.. Run("vcl_miss", hashed), .. Run("vcl_hit", hashed)];
        var purged = Run("vcl_purge", [.. With(Run("vcl_hash", With(received, "purge")), "lookup")]);
        var passed = Run("vcl_pass",
            [.. With(Run("vcl_hash", With(received, "pass")), "lookup").Concat(With(looked, "pass"))]);
        var delivered = Run("vcl_deliver", [.. With(looked, "fetch"), .. With(looked, "deliver"), .. With(passed, "fetch")]);
        Outcome[] before = [.. received, .. looked, .. purged, .. passed, .. delivered];
        var synthesised = Run("vcl_synth", [.. With(before, "synth"), .. With(before, "fail")]);
        return executor.Merge([.. With([.. before, .. synthesised], "restart").Select(Again)]);
    }

    // The edits of the request stay; the rest begins anew.
    private static PathState Again(PathState state) => state with
    {
        Restarts = state.Restarts + 1,
        Key = [],
        Assumed = state.Assumed.Clear(),
        Flags = state.Flags.Clear(),
    };

    private IReadOnlyList<Outcome> Run(string sub, IReadOnlyList<PathState> states) =>
        states.Count == 0 ? [] : executor.RunMethod(sub, states);

    private static PathState[] With(IReadOnlyList<Outcome> outcomes, string action) =>
        [.. outcomes.Where(o => o.Action == action).Select(o => o.State)];
}
