using CachePolicyOperator.Core.Routes.Automata;
using CachePolicyOperator.Core.Verification.Execution;
using CachePolicyOperator.Core.Verification.Program;
using CachePolicyOperator.Core.Verification.State;
using CachePolicyOperator.Core.Verification.Values;

namespace CachePolicyOperator.Core.Verification.Exploration;

/// <summary>
/// Follows requests through varnishd's state machine (7.x and 8.x): from <c>vcl_recv</c> to a lookup, and from a lookup
/// to what a fetch may store. What the cache holds and what the origin answers is the adversary's choice.
/// </summary>
internal sealed class RequestExplorer(ProgramFacts program, Executor executor)
{
    private readonly FetchExplorer _fetches = new(program, executor);
    private readonly bool _restarts = program.Returns("restart");
    // What fails once, fails for everybody who asks.
    private (SymbolicState? Start, Lazy<IReadOnlyList<Completion>> Received) _received = (null, new([]));

    /// <summary>Whether a statement of the VCL may write the variable.</summary>
    public bool Writes(Input variable) => program.Writes(variable);

    /// <inheritdoc cref="LineSeparators.CookiesStandBehindCommas"/>
    public bool CookiesStandBehindCommas => program.Separators.CookiesStandBehindCommas;

    /// <summary>Whether a statement of the VCL removes the variable.</summary>
    public bool Unsets(Input variable) => program.Unsets(variable);

    /// <summary>Every way to a lookup, after any number of restarts.</summary>
    public IReadOnlyList<SymbolicState> Lookups(SymbolicState start)
    {
        var lookups = new List<SymbolicState>();
        IReadOnlyList<SymbolicState> round = [start];
        for (var restarts = 0; restarts <= FetchExplorer.MaxRounds && round.Count > 0; restarts++)
        {
            var received = restarts == 0 ? FirstReceived(start) : executor.RunMethod("vcl_recv", round);
            lookups.AddRange(executor.Merge([.. Completion.StatesOf(received, "hash").SelectMany(Received)]));
            round = _restarts && Enumerable.Range(restarts + 1, FetchExplorer.MaxRounds - restarts).Any(MayLookUpAgain)
                ? Restarted(round, received) : [];
        }

        return executor.Merge(lookups);
    }

    /// <summary>Every end of <c>vcl_recv</c> but a restart, after any number of restarts.</summary>
    public IReadOnlyList<Completion> Decisions(SymbolicState start)
    {
        var decided = new List<Completion>();
        IReadOnlyList<SymbolicState> round = [start];
        for (var restarts = 0; restarts <= FetchExplorer.MaxRounds && round.Count > 0; restarts++)
        {
            var received = restarts == 0 ? FirstReceived(start) : executor.RunMethod("vcl_recv", round);
            decided.AddRange(received.Where(o => o.Action != "restart"));
            round = _restarts ? Restarted(round, received) : [];
        }

        return decided;
    }

    /// <summary>Every backend request of what <c>vcl_recv</c> passed, as the origin gets it.</summary>
    public IReadOnlyList<SymbolicState> SentOnPass(SymbolicState passed) =>
        _fetches.Sent([
            .. Completion.StatesOf(executor.RunMethod("vcl_pass", Hashed([passed])), "fetch")
                .Select(p => p.WithFlag(Flag.Uncacheable, true)),
        ]);

    /// <summary>Every way to a lookup with the key that is looked up.</summary>
    public IReadOnlyList<SymbolicState> Hashed(IReadOnlyList<SymbolicState> lookups) =>
        [.. Completion.StatesOf(executor.RunMethod("vcl_hash", lookups), "lookup").Select(s => s.ForLookup())];

    /// <summary>
    /// Every backend request whose answer may be stored: of a miss, and of a refresh behind a stale hit.
    /// </summary>
    public IReadOnlyList<SymbolicState> Fetches(IReadOnlyList<SymbolicState> lookups)
    {
        var hashed = Hashed(lookups);
        var missed = Completion.StatesOf(executor.RunMethod("vcl_miss", hashed), "fetch");
        var hit = Completion.StatesOf(executor.RunMethod("vcl_hit", hashed), "deliver");
        return executor.Merge([.. missed.Concat(hit).SelectMany(_fetches.Begin)]);
    }

    /// <inheritdoc cref="FetchExplorer.Sent"/>
    public IReadOnlyList<SymbolicState> Sent(IReadOnlyList<SymbolicState> fetches) => _fetches.Sent(fetches);

    /// <inheritdoc cref="FetchExplorer.Refused(IReadOnlyList{SymbolicState})"/>
    public IReadOnlyList<SymbolicState> Refused(IReadOnlyList<SymbolicState> fetches) => _fetches.Refused(fetches);

    /// <inheritdoc cref="FetchExplorer.Stores"/>
    public IReadOnlyList<Completion> Stores(IReadOnlyList<SymbolicState> fetches, SymbolicState? response = null) =>
        _fetches.Stores(fetches, response);

    /// <inheritdoc cref="FetchExplorer.ErrorStores"/>
    public IReadOnlyList<Completion> ErrorStores(IReadOnlyList<SymbolicState> fetches) => _fetches.ErrorStores(fetches);

    /// <summary>Responses to requests that are passed from <c>vcl_recv</c>, as their one client gets them.</summary>
    /// <param name="wanted">Which of them, told by what the VCL did with the response.</param>
    public IReadOnlyList<Completion> Passes(SymbolicState start, Func<SymbolicState, bool> wanted) => _fetches.Passes(
        Completion.StatesOf(executor.RunMethod("vcl_pass", Hashed(Completion.StatesOf(FirstReceived(start), "pass"))),
            "fetch"), wanted);

    /// <summary>
    /// Restarts of requests with a body that varnishd has read: when there was an answer, or none was to be had.
    /// </summary>
    public IReadOnlyList<Completion> RestartsWithoutBody(SymbolicState start)
    {
        var found = new List<Completion>();
        IReadOnlyList<SymbolicState> round = _restarts
            && executor.Within(start, Length, "[1-9]") is { } withBody ? [withBody] : [];
        for (var restarts = 0; restarts <= FetchExplorer.MaxRounds && round.Count > 0; restarts++)
        {
            var received = executor.RunMethod("vcl_recv", round);
            var (_, fetched, delivered) = Answered(received);
            var synthesised = executor.RunMethod("vcl_synth",
                ForNextResponse([.. Completion.StatesOf(delivered, "synth"), .. fetched, .. round.SelectMany(Failed)]));
            found.AddRange(delivered.Concat(synthesised).Where(o => o.Action == "restart"));
            round = Restarted(round, received);
        }

        return found;
    }

    // What is looked up and what is passed are asked one after the other.
    private IReadOnlyList<Completion> FirstReceived(SymbolicState start)
    {
        if (!ReferenceEquals(_received.Start, start))
        {
            _received = (start, new(() => executor.RunMethod("vcl_recv", [start])));
        }

        return _received.Received.Value;
    }

    // What varnishd makes of the request between vcl_recv and vcl_hash, unless it is passed or piped.
    private IEnumerable<SymbolicState> Received(SymbolicState state)
    {
        if (!program.Names(FetchExplorer.Coding))
        {
            return [state];
        }

        var gzip = executor.Within(state, FetchExplorer.Coding, "(?i)gzip")?
            .With(FetchExplorer.Coding, FetchExplorer.Gzip).Forgetting(FetchExplorer.Coding);
        var plain = state.With(FetchExplorer.Coding, Field.Absent).Forgetting(FetchExplorer.Coding);
        return gzip is null ? [plain] : [plain, gzip];
    }

    private IReadOnlyList<SymbolicState> Restarted(IReadOnlyList<SymbolicState> begun,
        IReadOnlyList<Completion> received)
    {
        var (before, fetched, delivered) = Answered(received);
        Completion[] after = [.. before, .. executor.RunMethod("vcl_purge", Looked(received, "purge")), .. delivered,
            .. executor.RunMethod("vcl_pipe", Looked(received, "pipe"))];
        // A fetch that fails is answered by vcl_synth. So is a VCL that fails, with the client's request as it came.
        var synthesised = executor.RunMethod("vcl_synth",
            ForNextResponse([.. Looked(received, "synth"), .. Completion.StatesOf(after, "synth"), .. fetched,
                .. begun.SelectMany(Failed)]));
        return executor.Merge([.. Looked(received, "restart")
            .Concat(Completion.StatesOf([.. after, .. synthesised], "restart")).Select(Again)]);
    }

    // From vcl_recv to an answer: what stands before a fetch, what is fetched, and what vcl_deliver makes of answers.
    private (IReadOnlyList<Completion> Before, IReadOnlyList<SymbolicState> Fetched,
        IReadOnlyList<Completion> Delivered) Answered(IReadOnlyList<Completion> received)
    {
        // vcl_hash runs whatever vcl_recv returned.
        var looked = Looked(received, "hash");
        Completion[] asked = [.. executor.RunMethod("vcl_miss", looked), .. executor.RunMethod("vcl_hit", looked)];
        // A hit-for-pass goes from the lookup to vcl_pass; a pipe of a sub-request or of HTTP/2 becomes a pass.
        var passed = executor.RunMethod("vcl_pass",
            [.. Looked(received, "pass"), .. Looked(received, "pipe"), .. looked,
                .. Completion.StatesOf(asked, "pass")]);
        SymbolicState[] fetched = [.. Completion.StatesOf(asked, "fetch"), .. Completion.StatesOf(passed, "fetch")];
        SymbolicState[] answered = [.. ForNextResponse(Completion.StatesOf(passed, "fetch")).Select(NeverHit),
            .. ForNextResponse([.. Completion.StatesOf(asked, "fetch"), .. Completion.StatesOf(asked, "deliver")])];
        return ([.. asked, .. passed], fetched, executor.RunMethod("vcl_deliver", answered));
    }

    private static Input Length { get; } = Input.OfClientField("content-length");

    private static Question IsHit { get; } = new("obj.hits > 0");

    // What is passed is an object of its own.
    private static SymbolicState NeverHit(SymbolicState passed) =>
        passed with { Assumed = passed.Assumed.SetItem(IsHit, false) };

    // A VCL fails at any place. Its edits of the client's request are gone then, and what it set of other variables is
    // not.
    private IEnumerable<SymbolicState> Failed(SymbolicState begun)
    {
        var failed = program.KeptByRollback.Aggregate(begun.RolledBack(), (state, variable) =>
            state.Forgetting(variable)
                .With(variable,
                new AnyText(Language.All, [Input.Anything], OfFailure, UnknownId.Next(state.Unknowns))) with
            { Unknowns = state.Unknowns + 1 });
        return program.Writes(Flag.VaryIgnored.Variable!)
            ? [failed, failed.WithFlag(Flag.VaryIgnored, true)] : [failed];
    }

    private static OverApproximation OfFailure { get; } =
        new(default, "what a VCL set before it failed is not modelled");

    private IReadOnlyList<SymbolicState> Looked(IReadOnlyList<Completion> received, string action)
    {
        var ended = Completion.StatesOf(received, action);
        return Hashed(action is "pass" or "pipe" ? ended : executor.Merge([.. ended.SelectMany(Received)]));
    }

    private static SymbolicState[] ForNextResponse(IEnumerable<SymbolicState> states) =>
        [.. states.Select(s => s.ForNextResponse())];

    // Strings that may hold after a restart what none holds that arrives. Vmod cookie keeps what it parsed in a round
    // before.
    private static readonly Input[] Rewritten =
        [Input.Url, Input.Method, Input.Protocol, TrackedVariables.Client, TrackedVariables.Jar];

    // Whatever the first rounds leave of a request is less than any request at all, with anything in what the VCL
    // writes.
    private bool MayLookUpAgain(int restarts)
    {
        var any = Rewritten.Aggregate(new SymbolicState { Restarts = restarts }, (state, name) =>
            state.With(name, Anything(state)) with { Unknowns = state.Unknowns + 1 });
        any = program.ClientFieldsSet
            .Aggregate(any, (state, name) =>
            state.With(name, new AnyField(Anything(state))) with { Unknowns = state.Unknowns + 1 });
        return Completion.StatesOf(executor.RunMethod("vcl_recv", [any]), "hash").Length > 0;
    }

    private static AnyText Anything(SymbolicState state) =>
        new(Language.All, [Input.Anything], null, UnknownId.Next(state.Unknowns));

    // The edits of the request stay, and how it looks objects up; the rest begins anew.
    private static SymbolicState Again(SymbolicState state) => state.ForNextResponse() with
    {
        Restarts = state.Restarts + 1,
        Key = [],
        Assumed = VariableMap<Question, bool>.Empty,
        Flags = state.Flags.Without(f => f != Flag.VaryIgnored),
    };
}
