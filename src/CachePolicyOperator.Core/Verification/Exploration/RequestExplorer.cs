using CachePolicyOperator.Core.Routes.Automata;
using CachePolicyOperator.Core.Vcl.Syntax;
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
    /// <summary>varnishd's default of the parameters max_restarts and max_retries.</summary>
    internal const int MaxRounds = 4;

    private static readonly string[] AnswerSubs = ["vcl_backend_response", "vcl_backend_error"];

    private readonly bool _restarts = program.Returns("restart");
    private readonly bool _retries = program.Returns("retry");
    // What fails once, fails for everybody who asks.
    private (IReadOnlyList<SymbolicState> Fetches, Lazy<IReadOnlyList<Try>> Tries) _walked = ([], new([]));
    private (SymbolicState? Start, Lazy<IReadOnlyList<Completion>> Received) _received = (null, new([]));
    private (IReadOnlyList<SymbolicState> Fetches, Lazy<IReadOnlyList<Completion>> Begun) _begun = ([], new([]));

    /// <summary>Whether a statement of the VCL may write the variable.</summary>
    public bool Writes(string variable) => program.Writes(variable);

    /// <summary>Whether a statement of the VCL removes the variable.</summary>
    public bool Unsets(string variable) => program.Unsets(variable);

    /// <summary>Every way to a lookup, after any number of restarts.</summary>
    public IReadOnlyList<SymbolicState> Lookups(SymbolicState start)
    {
        var lookups = new List<SymbolicState>();
        IReadOnlyList<SymbolicState> round = [start];
        for (var restarts = 0; restarts <= MaxRounds && round.Count > 0; restarts++)
        {
            var received = restarts == 0 ? FirstReceived(start) : Run("vcl_recv", round);
            lookups.AddRange(executor.Merge([.. With(received, "hash").SelectMany(Received)]));
            round = _restarts && Enumerable.Range(restarts + 1, MaxRounds - restarts).Any(MayLookUpAgain) ? Restarted(round, received) : [];
        }

        return executor.Merge(lookups);
    }

    /// <summary>Every end of <c>vcl_recv</c> but a restart, after any number of restarts.</summary>
    public IReadOnlyList<Completion> Decisions(SymbolicState start)
    {
        var decided = new List<Completion>();
        IReadOnlyList<SymbolicState> round = [start];
        for (var restarts = 0; restarts <= MaxRounds && round.Count > 0; restarts++)
        {
            var received = restarts == 0 ? FirstReceived(start) : Run("vcl_recv", round);
            decided.AddRange(received.Where(o => o.Action != "restart"));
            round = _restarts ? Restarted(round, received) : [];
        }

        return decided;
    }

    /// <summary>Every backend request of what <c>vcl_recv</c> passed, as the origin gets it.</summary>
    public IReadOnlyList<SymbolicState> SentOnPass(SymbolicState passed) =>
        Sent([.. With(Run("vcl_pass", Hashed([passed])), "fetch").Select(p => p.WithFlag(TrackedVariables.Uncacheable, true))]);

    /// <summary>Every way to a lookup with the key that is looked up.</summary>
    public IReadOnlyList<SymbolicState> Hashed(IReadOnlyList<SymbolicState> lookups) =>
        [.. With(Run("vcl_hash", lookups), "lookup").Select(s => s.ForLookup())];

    /// <summary>Every backend request whose answer may be stored: of a miss, and of a refresh behind a stale hit.</summary>
    public IReadOnlyList<SymbolicState> Fetches(IReadOnlyList<SymbolicState> lookups)
    {
        var hashed = Hashed(lookups);
        var missed = With(Run("vcl_miss", hashed), "fetch");
        var hit = With(Run("vcl_hit", hashed), "deliver");
        return executor.Merge([.. missed.Concat(hit).SelectMany(Begin)]);
    }

    /// <summary>Every backend request as the origin gets it, of every try.</summary>
    public IReadOnlyList<SymbolicState> Sent(IReadOnlyList<SymbolicState> fetches) => [.. Tries(fetches, null).SelectMany(t => t.Sent)];

    /// <summary>Every backend request that the VCL answers itself, instead of sending it.</summary>
    public IReadOnlyList<SymbolicState> Refused(IReadOnlyList<SymbolicState> fetches) => [.. Tries(fetches, null).SelectMany(t => t.Refused)];

    /// <summary>Every way from a backend request to an object that a later request may be served. Its backend request is as it was sent.</summary>
    public IReadOnlyList<Completion> Stores(IReadOnlyList<SymbolicState> fetches, SymbolicState? response = null) =>
    [
        .. Tries(fetches, response).SelectMany(t => t.Answered)
            .Where(IsStored)
            .Select(o => o with { State = o.State.AsSent() }),
    ];

    /// <summary>Every way of an answer that varnishd makes itself, for want of one of the origin, into the cache.</summary>
    public IReadOnlyList<Completion> ErrorStores(IReadOnlyList<SymbolicState> fetches) =>
    [
        .. Tries(fetches, null).SelectMany(t => t.Failed)
            .Where(IsStored)
            .Select(o => o with { State = o.State.AsSent() }),
    ];

    /// <summary>Responses to requests that are passed from <c>vcl_recv</c>, as their one client gets them.</summary>
    /// <param name="wanted">Which of them, told by what the VCL did with the response.</param>
    public IReadOnlyList<Completion> Passes(SymbolicState start, Func<SymbolicState, bool> wanted)
    {
        var passed = With(Run("vcl_pass", Hashed(With(FirstReceived(start), "pass"))), "fetch");
        var fetched = With(Run("vcl_backend_fetch", [.. passed.Select(p => p.ForBackend().WithFlag(TrackedVariables.Uncacheable, true))]), "fetch");
        return [.. Run("vcl_backend_response", [.. fetched.Select(f => Answered(f.Sending(), null).WithFlag(TrackedVariables.Uncacheable, true))],
                o => o.Action == "deliver" && wanted(o.State))
            .Select(o => o with { State = o.State.AsSent() })];
    }

    /// <summary>Restarts of requests with a body that varnishd has read: when there was an answer, or none was to be had.</summary>
    public IReadOnlyList<Completion> RestartsWithoutBody(SymbolicState start)
    {
        var found = new List<Completion>();
        IReadOnlyList<SymbolicState> round = _restarts && executor.Within(start, "req.http.content-length", "[1-9]") is { } withBody ? [withBody] : [];
        for (var restarts = 0; restarts <= MaxRounds && round.Count > 0; restarts++)
        {
            var received = Run("vcl_recv", round);
            var (_, fetched, delivered) = Answered(received);
            var synthesised = Run("vcl_synth", ForNextResponse([.. With(delivered, "synth"), .. fetched, .. round.SelectMany(Failed)]));
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
            _received = (start, new(() => Run("vcl_recv", [start])));
        }

        return _received.Received.Value;
    }

    // What is sent, stored and failed of the same fetches is asked one after the other, and walked once.
    private IReadOnlyList<Try> Tries(IReadOnlyList<SymbolicState> fetches, SymbolicState? response)
    {
        if (response is not null)
        {
            return [.. ExecutionMode(fetches, response, withFailures: false)];
        }

        if (!ReferenceEquals(_walked.Fetches, fetches))
        {
            _walked = (fetches, new(() => [.. ExecutionMode(fetches, null, withFailures: true)]));
        }

        return _walked.Tries.Value;
    }

    private IEnumerable<Try> ExecutionMode(IReadOnlyList<SymbolicState> fetches, SymbolicState? response, bool withFailures)
    {
        if (program.BodiesOf("vcl_backend_refresh") is { Count: > 1 } refresh)
        {
            throw new UnsupportedVclException(refresh[0].Span, "what `vcl_backend_refresh` makes of a refreshed object is not modelled");
        }

        IReadOnlyList<SymbolicState> round = fetches;
        for (var retries = 0; retries <= MaxRounds && round.Count > 0; retries++)
        {
            var begun = retries == 0 ? FirstBegun(fetches) : Run("vcl_backend_fetch", [.. round.SelectMany(Numbered)]);
            var sent = executor.Merge([.. With(begun, "fetch").Select(s => WithJar(s).Sending())]);
            var answered = Run("vcl_backend_response", [.. sent.SelectMany(Completed).Select(f => Answered(f, response))], MayBeStored);
            // The origin does not answer, or the VCL says so.
            SymbolicState[] refused = [.. begun.Where(o => o.Action == "error").Select(o => Refused(o, o.State.Refusing(o.Return!.Span).Sending()))];
            SymbolicState[] failed = withFailures || _retries
                ? [.. sent.Concat(sent.SelectMany(Completed)).Distinct().Select(Unanswered), .. refused, .. answered.Where(o => o.Action == "error").Select(o => Refused(o, o.State))]
                : [];
            var failures = Run("vcl_backend_error", failed);
            // Or it has tried too often, and counts that as well.
            var ended = Run("vcl_backend_error", [.. With(answered, "retry").Select(s => Unanswered(s) with { Retries = s.Retries + 1 })]);
            yield return new Try(sent, refused, answered, [.. failures, .. ended]);
            round = executor.Merge([.. With(answered, "retry").Concat(With(failures, "retry")).Select(TriedAgain)]);
        }
    }

    // How a fetch begins does not depend on what is asked of the answer.
    private IReadOnlyList<Completion> FirstBegun(IReadOnlyList<SymbolicState> fetches)
    {
        if (!ReferenceEquals(_begun.Fetches, fetches))
        {
            _begun = (fetches, new(() => Run("vcl_backend_fetch", [.. fetches.SelectMany(f => Numbered(f.ForBackend()))])));
        }

        return _begun.Begun.Value;
    }

    // varnishd writes the number of the request into it before vcl_backend_fetch runs, whatever was there, and although no client sent one.
    private IEnumerable<SymbolicState> Numbered(SymbolicState begun) => Given(begun, "bereq.http.x-varnish", "the number of the request");

    // What vmod cookie parsed of a backend request is there when its answer is looked at.
    private SymbolicState WithJar(SymbolicState state) =>
        AnswerSubs.All(sub => program.EffectsOf(sub)?.Read.Contains(TrackedVariables.Jar) == false)
            ? state
            : state.With(TrackedVariables.AnswersJar, state.TextOf(TrackedVariables.Jar));

    // As later statements and tries see a request that was sent.
    private IEnumerable<SymbolicState> Completed(SymbolicState sent) => GivenHost(sent).SelectMany(GivenChunks);

    // varnishd sends a body in chunks if it came so, and says that, too.
    private IEnumerable<SymbolicState> GivenChunks(SymbolicState sent) =>
        sent.BodyIsSent() ? Given(sent, "bereq.http.transfer-encoding", "how the body is sent").Append(sent).Distinct() : [sent];

    // varnishd adds the backend's own host to a request that it sends without one, and later statements and tries see it.
    private IEnumerable<SymbolicState> GivenHost(SymbolicState sent) => Given(sent, "bereq.http.host", "the backend's host");

    // What varnishd writes into a field that is not there.
    private IEnumerable<SymbolicState> Given(SymbolicState state, string variable, string what)
    {
        var field = program.Names(variable) ? state.FieldOf(variable) : null;
        if (field is not (AbsentField or InputField))
        {
            return [state];
        }

        var there = field is InputField sent ? executor.WithPresence(state, sent.Input) : null;
        var missing = field is InputField client ? executor.WithPresence(state, client.Input, present: false) : state;
        SymbolicState?[] states = [there, missing?.Forgetting(variable).With(variable, new WrittenField(new MappedText(new ConstantText(what), TypedMap.AsText)))];
        return states.OfType<SymbolicState>();
    }

    // 503, unless the VCL says otherwise.
    private static SymbolicState Unanswered(SymbolicState fetch)
    {
        var answered = Answered(fetch, null);
        return answered.With(TrackedVariables.Status, new ConstantText("503")).With(TrackedVariables.Reason, OwnReason);
    }

    // What varnishd says of its own tells nothing of who asks.
    private static AnyText OwnReason { get; } =
        new(Language.All, [], new OverApproximation(default, "the reason that varnishd gives for a refusal is not modelled"), Number: -3);

    // What a return of `error` says: status and reason, each of anything unless it is written there.
    private static SymbolicState Refused(Completion refusal, SymbolicState fetch)
    {
        var said = refusal.Return!.Arguments;
        var anything = new AnyText(Language.All, new([TrackedVariables.Anything]), new OverApproximation(refusal.Return.Span, "what a refusal says is not modelled"), fetch.Unknowns);
        var answered = Answered(fetch, null) with { Unknowns = fetch.Unknowns + 1 };
        answered = answered.With(TrackedVariables.Status, said.Count == 0 ? new ConstantText("503") : said[0] is IntegerLiteral status ? new ConstantText(status.Value.ToString()) : anything);
        return answered.With(
            TrackedVariables.Reason, said.Count < 2 ? OwnReason : said[1] is StringLiteral reason ? new ConstantText(reason.Value) : anything);
    }

    // What an answer decided goes on deciding, although the next answer is another one. A try has a number and a count of its own.
    private static SymbolicState TriedAgain(SymbolicState state) => state.NoLongerRefusing() with
    {
        Retries = state.Retries + 1,
        Assumed = state.Assumed.Without(q => q.Contains("bereq.retries", StringComparison.OrdinalIgnoreCase) || q.Contains("bereq.xid", StringComparison.OrdinalIgnoreCase)),
        ImplicitInputs = state.ImplicitInputs.Union(state.PathCondition.Keys.Concat(state.Flags.Keys).Where(IsResponse)),
    };

    /// <summary>One try of a fetch: what was sent, and what the VCL did with an answer and without one.</summary>
    private sealed record Try(
        IReadOnlyList<SymbolicState> Sent, IReadOnlyList<SymbolicState> Refused, IReadOnlyList<Completion> Answered, IReadOnlyList<Completion> Failed);

    // What varnishd makes of the request between vcl_recv and vcl_hash, unless it is passed or piped.
    private IEnumerable<SymbolicState> Received(SymbolicState state)
    {
        if (!program.Names("req.http.accept-encoding"))
        {
            return [state];
        }

        var gzip = executor.Within(state, "req.http.accept-encoding", "(?i)gzip")?
            .With("req.http.accept-encoding", Gzip).Forgetting("req.http.accept-encoding");
        var plain = state.With("req.http.accept-encoding", Field.Absent).Forgetting("req.http.accept-encoding");
        return gzip is null ? [plain] : [plain, gzip];
    }

    // varnishd asks the origin with GET whatever the client's method was; only a pass makes a backend request uncacheable.
    private IEnumerable<SymbolicState> Begin(SymbolicState state)
    {
        executor.Spend(state.Fields.Count * 100L);
        var begun = state.AsBackendRequest().With("bereq.method", new ConstantText("GET")).WithFlag(TrackedVariables.Uncacheable, false);
        begun = begun with
        {
            Fields = begun.Fields.SetItems(ForwardingRules.Dropped.Where(n => program.Mentions(n) || n == "proxy-authorization")
                .Select(n => KeyValuePair.Create("bereq.http." + n, Field.Absent))),
        };

        if (program.Mentions("accept-encoding"))
        {
            begun = begun.With("bereq.http.accept-encoding", Gzip);
        }

        // A refresh asks whether the stale object is still good.
        begun = ForwardingRules.Conditional.Where(program.Mentions).Aggregate(
            begun, (s, name) => executor.WithAny(s, "bereq.http." + name, [], "a condition that varnishd adds to a refresh is not modelled"));
        yield return begun;

        // What the client's Connection field names is dropped here, unseen by vcl_recv.
        if (executor.Naming(begun) is { } naming)
        {
            yield return naming.WithFlag(TrackedVariables.Naming, true);
        }
    }

    private static WrittenField Gzip { get; } = new(new ConstantText("gzip"));

    // An object is private to its request by the flag that varnishd honours.
    private static bool IsStored(Completion answered) => answered.Action == "deliver" && !answered.State.Flags.GetValueOrDefault(TrackedVariables.Uncacheable);

    // Now, or after another try.
    private static bool MayBeStored(Completion answered) => answered.Action is "retry" or "error" || IsStored(answered);

    private static SymbolicState Answered(SymbolicState fetch, SymbolicState? response) => fetch with
    {
        PathCondition = fetch.PathCondition.Without(IsResponse).SetItems(response?.PathCondition ?? VariableMap<InputFacts>.Empty),
        Fields = fetch.Fields.Without(IsResponse),
        Strings = fetch.Strings.Without(IsResponse),
        Flags = fetch.Flags.RemoveRange(fetch.Flags.Where(f => IsResponse(f.Key) && (f.Key != TrackedVariables.Uncacheable || f.Value)).Select(f => f.Key))
            .SetItem(TrackedVariables.BodySent, fetch.BodyIsSent()).SetItems(response?.Flags ?? VariableMap<bool>.Empty),
        Assumed = fetch.Assumed.Without(q => q.Contains("beresp", StringComparison.OrdinalIgnoreCase)),
    };

    private static bool IsResponse(string name) => name.StartsWith("beresp.", StringComparison.Ordinal);

    private IReadOnlyList<SymbolicState> Restarted(IReadOnlyList<SymbolicState> begun, IReadOnlyList<Completion> received)
    {
        var (before, fetched, delivered) = Answered(received);
        Completion[] after = [.. before, .. Run("vcl_purge", Looked(received, "purge")), .. delivered, .. Run("vcl_pipe", Looked(received, "pipe"))];
        // A fetch that fails is answered by vcl_synth. So is a VCL that fails, with the client's request as it came.
        var synthesised = Run("vcl_synth",
            ForNextResponse([.. Looked(received, "synth"), .. With(after, "synth"), .. fetched, .. begun.SelectMany(Failed)]));
        return executor.Merge([.. Looked(received, "restart").Concat(With([.. after, .. synthesised], "restart")).Select(Again)]);
    }

    // From vcl_recv to an answer: what stands before a fetch, what is fetched, and what vcl_deliver makes of answers.
    private (IReadOnlyList<Completion> Before, IReadOnlyList<SymbolicState> Fetched, IReadOnlyList<Completion> Delivered) Answered(IReadOnlyList<Completion> received)
    {
        // vcl_hash runs whatever vcl_recv returned.
        var looked = Looked(received, "hash");
        Completion[] asked = [.. Run("vcl_miss", looked), .. Run("vcl_hit", looked)];
        // A hit-for-pass goes from the lookup to vcl_pass; a pipe of a sub-request or of HTTP/2 becomes a pass.
        var passed = Run("vcl_pass",
            [.. Looked(received, "pass"), .. Looked(received, "pipe"), .. looked, .. With(asked, "pass")]);
        SymbolicState[] fetched = [.. With(asked, "fetch"), .. With(passed, "fetch")];
        SymbolicState[] answered = [.. ForNextResponse(With(passed, "fetch")).Select(NeverHit), .. ForNextResponse([.. With(asked, "fetch"), .. With(asked, "deliver")])];
        return ([.. asked, .. passed], fetched, Run("vcl_deliver", answered));
    }

    // What is passed is an object of its own.
    private static SymbolicState NeverHit(SymbolicState passed) => passed with { Assumed = passed.Assumed.SetItem("obj.hits > 0", false) };

    // A VCL fails at any place. Its edits of the client's request are gone then, and what it set of other variables is not.
    private IEnumerable<SymbolicState> Failed(SymbolicState begun)
    {
        var failed = program.KeptByRollback.Aggregate(begun.RolledBack(), (state, variable) =>
            state.Forgetting(variable).With(variable, new AnyText(Language.All, [TrackedVariables.Anything], OfFailure, state.Unknowns)) with { Unknowns = state.Unknowns + 1 });
        return program.Writes(TrackedVariables.VaryIgnored) ? [failed, failed.WithFlag(TrackedVariables.VaryIgnored, true)] : [failed];
    }

    private static OverApproximation OfFailure { get; } = new(default, "what a VCL set before it failed is not modelled");

    private IReadOnlyList<SymbolicState> Looked(IReadOnlyList<Completion> received, string action)
    {
        var ended = With(received, action);
        return Hashed(action is "pass" or "pipe" ? ended : executor.Merge([.. ended.SelectMany(Received)]));
    }

    private static SymbolicState[] ForNextResponse(IEnumerable<SymbolicState> states) => [.. states.Select(s => s.ForNextResponse())];

    // Strings that may hold after a restart what none holds that arrives. Vmod cookie keeps what it parsed in a round before.
    private static readonly string[] Rewritten = ["req.url", "req.method", "req.proto", TrackedVariables.Client, TrackedVariables.Jar];

    // Whatever the first rounds leave of a request is less than any request at all, with anything in what the VCL writes.
    private bool MayLookUpAgain(int restarts)
    {
        var any = Rewritten.Aggregate(new SymbolicState { Restarts = restarts }, (state, name) => state.With(name, Anything(state)) with { Unknowns = state.Unknowns + 1 });
        any = program.FieldsSet("req.http.").Aggregate(any, (state, name) => state.With(name, new AnyField(Anything(state))) with { Unknowns = state.Unknowns + 1 });
        return With(Run("vcl_recv", [any]), "hash").Length > 0;
    }

    private static AnyText Anything(SymbolicState state) => new(Language.All, [TrackedVariables.Anything], null, state.Unknowns);

    // The edits of the request stay, and how it looks objects up; the rest begins anew.
    private static SymbolicState Again(SymbolicState state) => state.ForNextResponse() with
    {
        Restarts = state.Restarts + 1,
        Key = [],
        Assumed = VariableMap<bool>.Empty,
        Flags = state.Flags.Without(f => f != TrackedVariables.VaryIgnored),
    };

    private IReadOnlyList<Completion> Run(string sub, IReadOnlyList<SymbolicState> states, Func<Completion, bool>? wanted = null) =>
        states.Count == 0 ? [] : executor.RunMethod(sub, states, wanted);

    private static SymbolicState[] With(IReadOnlyList<Completion> completions, string action) =>
        [.. completions.Where(o => o.Action == action).Select(o => o.State)];
}
