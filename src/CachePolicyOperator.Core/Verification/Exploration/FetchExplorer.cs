using CachePolicyOperator.Core.HeaderFields;
using CachePolicyOperator.Core.Routes.Automata;
using CachePolicyOperator.Core.Vcl.Syntax;
using CachePolicyOperator.Core.Verification.Execution;
using CachePolicyOperator.Core.Verification.Program;
using CachePolicyOperator.Core.Verification.State;
using CachePolicyOperator.Core.Verification.Values;

namespace CachePolicyOperator.Core.Verification.Exploration;

/// <summary>
/// Follows fetches through varnishd's state machine: from a backend request, over every try, to what is sent, stored
/// and made for want of an answer. What the origin answers is the adversary's choice.
/// </summary>
internal sealed class FetchExplorer(ProgramFacts program, Executor executor)
{
    /// <summary>varnishd's default of the parameters max_restarts and max_retries.</summary>
    internal const int MaxRounds = 4;

    // Since 8.0: called when a stale object is found to be good still. The built-in ones change nothing of it.
    private static readonly string[] RefreshSubs =
        ["vcl_backend_refresh", "vcl_builtin_backend_refresh", "vcl_refresh_valid", "vcl_refresh_conditions",
            "vcl_refresh_status"];

    private static readonly string[] AnswerSubs = ["vcl_backend_response", "vcl_backend_error"];

    private readonly bool _retries = program.Returns("retry");

    // What is tried again is sent with the edits; without another try, who makes up an answer may look at them.
    private readonly bool _editsBehindAnswer =
        program.EffectsOf("vcl_backend_response") is not { } effects
        || effects.Written.Any(v => v.IsOfBackendRequest
            && (program.Returns("retry") || program.EffectsOf("vcl_backend_error")?.Read.Contains(v) != false));
    // What fails once, fails for everybody who asks.
    private (IReadOnlyList<SymbolicState> Fetches, Lazy<IReadOnlyList<Try>> Tries) _walked = ([], new([]));
    private (IReadOnlyList<SymbolicState> Fetches, Lazy<IReadOnlyList<Completion>> Begun) _begun = ([], new([]));

    /// <summary>The backend requests that varnishd makes of a client's that may be stored.</summary>
    // varnishd asks the origin with GET whatever the client's method was; only a pass makes a backend request
    // uncacheable.
    public IEnumerable<SymbolicState> Begin(SymbolicState state)
    {
        executor.Spend(state.Fields.Count * 100L);
        var begun = state.AsBackendRequest().With(TrackedVariables.BackendMethod, new ConstantText("GET"))
            .WithFlag(Flag.Uncacheable, false);
        begun = begun with
        {
            // What was asked of the object that was looked up is asked of no other.
            Assumed = begun.Assumed.Without(q => q.Mentions("obj.")),
            Fields = begun.Fields.SetItems(
                RequestFields.Dropped.Where(n => program.Mentions(n) || n == "proxy-authorization")
                .Select(n => KeyValuePair.Create(Input.OfBackendField(n), Field.Absent))),
        };

        if (program.Mentions(Coding.FieldName!))
        {
            begun = begun.With(Coding.OfBackendRequest, Gzip);
        }

        // A refresh asks whether the stale object is still good.
        begun = RequestFields.Conditional.Where(program.Mentions).Aggregate(
            begun, (s, name) =>
                executor.WithAny(s, Input.OfBackendField(name), [],
                    "a condition that varnishd adds to a refresh is not modelled"));
        yield return begun;

        // What the client's Connection field names is dropped here, unseen by vcl_recv.
        if (executor.Naming(begun) is { } naming)
        {
            yield return naming.WithFlag(Flag.Naming, true);
        }
    }

    /// <summary>Every backend request as the origin gets it, of every try.</summary>
    public IReadOnlyList<SymbolicState> Sent(IReadOnlyList<SymbolicState> fetches) =>
        [.. Tries(fetches, null).SelectMany(t => t.Sent)];

    /// <summary>Every backend request that the VCL answers itself, instead of sending it.</summary>
    public IReadOnlyList<SymbolicState> Refused(IReadOnlyList<SymbolicState> fetches) =>
        [.. Tries(fetches, null).SelectMany(t => t.Refused)];

    /// <summary>
    /// Every way from a backend request to an object that a later request may be served. Its backend request is as it
    /// was sent.
    /// </summary>
    public IReadOnlyList<Completion> Stores(IReadOnlyList<SymbolicState> fetches, SymbolicState? response = null) =>
    [
        .. Tries(fetches, response).SelectMany(t => t.Answered)
            .Where(IsStored)
            .Select(o => o with { State = o.State.AsSent() }),
    ];

    /// <summary>
    /// Every way of an answer that varnishd makes itself, for want of one of the origin, into the cache.
    /// </summary>
    public IReadOnlyList<Completion> ErrorStores(IReadOnlyList<SymbolicState> fetches) =>
    [
        .. Tries(fetches, null).SelectMany(t => t.Failed)
            .Where(IsStored)
            .Select(o => o with { State = o.State.AsSent() }),
    ];

    /// <summary>Responses to backend requests that are passed, as their one client gets them.</summary>
    /// <param name="wanted">Which of them, told by what the VCL did with the response.</param>
    public IReadOnlyList<Completion> Passes(IReadOnlyList<SymbolicState> passed, Func<SymbolicState, bool> wanted)
    {
        var fetched = Completion.StatesOf(
            executor.RunMethod("vcl_backend_fetch",
            [.. passed.Select(p => p.ForBackend().WithFlag(Flag.Uncacheable, true))]), "fetch");
        return [.. executor.RunMethod("vcl_backend_response",
            [.. fetched.Select(f => Answered(f.Sending(), null).WithFlag(Flag.Uncacheable, true))],
                o => o.Action == "deliver" && wanted(o.State))
            .Select(o => o with { State = o.State.AsSent() })];
    }

    // What is sent, stored and failed of the same fetches is asked one after the other, and walked once.
    private IReadOnlyList<Try> Tries(IReadOnlyList<SymbolicState> fetches, SymbolicState? response)
    {
        if (response is not null)
        {
            return [.. Attempts(fetches, response, withFailures: false)];
        }

        if (!ReferenceEquals(_walked.Fetches, fetches))
        {
            _walked = (fetches, new(() => [.. Attempts(fetches, null, withFailures: true)]));
        }

        return _walked.Tries.Value;
    }

    private IEnumerable<Try> Attempts(IReadOnlyList<SymbolicState> fetches, SymbolicState? response, bool withFailures)
    {
        if (RefreshSubs.Select(program.BodiesOf).FirstOrDefault(bodies => bodies.Count > 1) is { } refresh)
        {
            throw new UnsupportedVclException(refresh[0].Span,
                "what `vcl_backend_refresh` makes of a refreshed object is not modelled");
        }

        IReadOnlyList<SymbolicState> round = fetches;
        for (var retries = 0; retries <= MaxRounds && round.Count > 0; retries++)
        {
            var begun = retries == 0 ? FirstBegun(fetches)
                : executor.RunMethod("vcl_backend_fetch", [.. round.SelectMany(Numbered)]);
            var sent = executor.Merge([.. Completion.StatesOf(begun, "fetch").Select(s => WithJar(s).Sending())]);
            // A body may fail behind vcl_backend_response, as ESI of a part does; what that did to the request stays.
            var breaks = (withFailures || _retries) && _editsBehindAnswer;
            var answered = executor.RunMethod("vcl_backend_response",
                [.. sent.SelectMany(Completed).Select(f => Answered(f, response))],
                breaks ? o => o.Action is "deliver" or "pass" || MayBeStored(o) : MayBeStored);
            SymbolicState[] broken = breaks
                ? [.. answered.Where(o => o.Action is "deliver" or "pass").Select(o => Unanswered(o.State))]
                : [];
            // The origin does not answer, or the VCL says so.
            SymbolicState[] refused = [.. begun.Where(o => o.Action == "error")
                .Select(o => Refused(o, o.State.Refusing(o.Return!.Span).Sending()))];
            SymbolicState[] failed = withFailures || _retries
                ? [.. sent.Concat(sent.SelectMany(Completed)).Distinct().Select(Unanswered), .. refused, .. broken,
                    .. answered.Where(o => o.Action == "error").Select(o => Refused(o, o.State))]
                : [];
            var failures = executor.RunMethod("vcl_backend_error", failed);
            // Or it has tried too often, and counts that as well.
            var ended = executor.RunMethod("vcl_backend_error",
                [.. Completion.StatesOf(answered, "retry")
                .Select(s => Unanswered(s) with { Retries = s.Retries + 1 })]);
            yield return new Try(sent, refused, answered, [.. failures, .. ended]);
            round = executor.Merge([.. Completion.StatesOf(answered, "retry")
                .Concat(Completion.StatesOf(failures, "retry")).Select(TriedAgain)]);
        }
    }

    // How a fetch begins does not depend on what is asked of the answer.
    private IReadOnlyList<Completion> FirstBegun(IReadOnlyList<SymbolicState> fetches)
    {
        if (!ReferenceEquals(_begun.Fetches, fetches))
        {
            _begun = (fetches,
                new(() => executor.RunMethod("vcl_backend_fetch",
                [.. fetches.SelectMany(f => Numbered(f.ForBackend()))])));
        }

        return _begun.Begun.Value;
    }

    // varnishd writes the number of the request into it before vcl_backend_fetch runs, whatever was there, and although
    // no client sent one.
    private IEnumerable<SymbolicState> Numbered(SymbolicState begun) =>
        Given(begun, Input.NumberSentBy(program.Engine), ForwardingRules.Number);

    // What vmod cookie parsed of a backend request is there when its answer is looked at.
    private SymbolicState WithJar(SymbolicState state) =>
        AnswerSubs.All(sub => program.EffectsOf(sub)?.Read.Contains(TrackedVariables.Jar) == false)
            ? state
            : state.With(TrackedVariables.AnswersJar, state.TextOf(TrackedVariables.Jar));

    // As later statements and tries see a request that was sent.
    private IEnumerable<SymbolicState> Completed(SymbolicState sent) => GivenHost(sent).SelectMany(GivenChunks);

    // varnishd sends a body in chunks if it came so, and says that, too.
    private IEnumerable<SymbolicState> GivenChunks(SymbolicState sent) =>
        sent.BodyIsSent()
            ? Given(sent, Transfer, ForwardingRules.WrittenByVarnishd("how the body is sent")).Append(sent).Distinct()
            : [sent];

    // varnishd adds the backend's own host to a request that it sends without one, and later statements and tries see
    // it.
    private IEnumerable<SymbolicState> GivenHost(SymbolicState sent) =>
        Given(sent, Input.Host.OfBackendRequest, ForwardingRules.WrittenByVarnishd("the backend's host"));

    // What varnishd writes into a field that is not there.
    private IEnumerable<SymbolicState> Given(SymbolicState state, Input variable, Field what)
    {
        var field = program.Names(variable) ? state.FieldOf(variable) : null;
        if (field is not (AbsentField or InputField))
        {
            return [state];
        }

        var there = field is InputField sent ? executor.WithPresence(state, sent.Input) : null;
        var missing = field is InputField client ? executor.WithPresence(state, client.Input, present: false) : state;
        SymbolicState?[] states = [there, missing?.Forgetting(variable).With(variable, what)];
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
        new(Language.All, [],
            new OverApproximation(
                default, "the reason that varnishd gives for a refusal is not modelled"), UnknownId.OwnReason);

    // What a return of `error` says: status and reason, each of anything unless it is written there.
    private static SymbolicState Refused(Completion refusal, SymbolicState fetch)
    {
        var said = refusal.Return!.Arguments;
        var anything = new AnyText(Language.All, new([Input.Anything]),
            new OverApproximation(refusal.Return.Span, "what a refusal says is not modelled"),
            UnknownId.Next(fetch.Unknowns));
        var answered = Answered(fetch, null) with { Unknowns = fetch.Unknowns + 1 };
        answered = answered.With(TrackedVariables.Status, said.Count == 0 ? new ConstantText("503")
            : said[0] is IntegerLiteral status ? new ConstantText(status.Value.ToString()) : anything);
        return answered.With(
            TrackedVariables.Reason, said.Count < 2 ? OwnReason : said[1] is StringLiteral reason
                ? new ConstantText(reason.Value) : anything);
    }

    // What an answer decided goes on deciding, although the next answer is another one. A try has a number and a count
    // of its own.
    private static SymbolicState TriedAgain(SymbolicState state) => state.NoLongerRefusing() with
    {
        Retries = state.Retries + 1,
        Assumed = state.Assumed.Without(q =>
            q.Mentions("bereq.retries") || q.Mentions("bereq.xid")),
        ImplicitInputs = state.ImplicitInputs.Union(state.PathCondition.Keys.Where(i => i.IsOfAnswer))
            .Union(state.Flags.Keys.Where(f => f.IsOfAnswer).Select(f => f.Source)),
    };

    /// <summary>One try of a fetch: what was sent, and what the VCL did with an answer and without one.</summary>
    private sealed record Try(
        IReadOnlyList<SymbolicState> Sent, IReadOnlyList<SymbolicState> Refused, IReadOnlyList<Completion> Answered,
        IReadOnlyList<Completion> Failed);

    // An object is private to its request by the flag that varnishd honours.
    private static bool IsStored(Completion answered) =>
        answered.Action == "deliver" && !answered.State.Flags.GetValueOrDefault(Flag.Uncacheable);

    // Now, or after another try.
    private static bool MayBeStored(Completion answered) => answered.Action is "retry" or "error" || IsStored(answered);

    private static SymbolicState Answered(SymbolicState fetch, SymbolicState? response) => fetch with
    {
        PathCondition = fetch.PathCondition.Without(i => i.IsOfAnswer)
            .SetItems(response?.PathCondition ?? VariableMap<Input, InputFacts>.Empty),
        Fields = fetch.Fields.Without(v => v.IsOfAnswer),
        Strings = fetch.Strings.Without(v => v.IsOfAnswer),
        Flags = fetch.Flags.RemoveRange(
            fetch.Flags.Where(f => f.Key.IsOfAnswer && (f.Key != Flag.Uncacheable || f.Value))
            .Select(f => f.Key))
            .SetItem(Flag.BodySent, fetch.BodyIsSent())
                .SetItems(response?.Flags ?? VariableMap<Flag, bool>.Empty),
        Assumed = fetch.Assumed.Without(q => q.Mentions("beresp")),
    };

    /// <summary>What varnishd makes one of two of, before it looks up and before it fetches.</summary>
    public static Input Coding { get; } = Input.OfClientField("accept-encoding");

    private static Input Transfer { get; } = Input.OfBackendField("transfer-encoding");

    /// <summary>
    /// What varnishd makes of <c>Accept-Encoding</c> where a client takes gzip, and asks every origin for.
    /// </summary>
    public static WrittenField Gzip { get; } = new(new ConstantText("gzip"));
}
