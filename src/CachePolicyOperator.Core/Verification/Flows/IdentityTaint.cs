using CachePolicyOperator.Core.Routes.Automata;
using CachePolicyOperator.Core.Verification.Exploration;
using CachePolicyOperator.Core.Verification.Program;
using CachePolicyOperator.Core.Verification.State;
using CachePolicyOperator.Core.Verification.Values;

namespace CachePolicyOperator.Core.Verification.Flows;

/// <summary>
/// The taint of identities: which inputs say who asks, and which values that are sent tell something of them.
/// </summary>
internal sealed class IdentityTaint
{
    private readonly ExploredStates _explored;
    private Language? _identityCookies;
    private bool? _answersTell;
    private bool? _isInQuery;
    private CookieInterference? _session;

    private IdentityTaint(ExploredStates explored) => _explored = explored;

    /// <summary>The fields of the client's request.</summary>
    public required IReadOnlyList<Input> Fields { get; init; }

    public static IdentityTaint Of(ExploredStates explored) =>
        new(explored) { Fields = [.. JudgedFields.CarriersOf(explored.Question.Identity).Select(Input.OfClientField)] };

    /// <summary>
    /// The path on which a carrier reaches the origin in the field without being in the key; null where none can.
    /// </summary>
    public (SymbolicState Path, Input Carrier)? LeakIn(SymbolicState state, Input field)
    {
        switch (state.FieldSent(field))
        {
            case InputField input when CarrierOf(new InputText(input.Input)) is { } carrier:
                var facts = _explored.Solver.Of(state, input.Input);
                var keyed = !facts.MayRepeat && state.HasInKey(new InputText(input.Input));
                return keyed || !facts.MayBePresent || (!facts.MayRepeat && HasNoIdentity(carrier, facts.Value))
                    || _explored.Solver.WithPresence(state, input, true) is not { } path
                    ? null
                    : (Carrying(path, new InputText(input.Input)), carrier);
            case WrittenField { Value: var value } when CarrierOf(value) is { } carrier && !state.HasInKey(value):
                return field == Input.Cookie
                    && !value.Taint.Any(s => CarrierOf(s) is { } other && other != Input.Cookie && !IsKeyed(state, s))
                    && HasNoIdentity(carrier, _explored.Solver.Reading(state, value)) && !Session.ShowsIn(value, state)
                    ? null
                    : (Telling(state, field, value) ?? Carrying(state, value), carrier);
            // Whatever it comes from, this is where an origin looks.
            case WrittenField { Value: var value } when Fields.Contains(field) && IsOfClient(state, value):
                return field == Input.Cookie && HasNoIdentity(field, _explored.Solver.Reading(state, value)) ? null
                    : (Telling(state, field, value) ?? state, field);
            case AnyField { Value: var any } when CarrierOf(any) is { } carrier
                && !any.Taint.All(s => IsKeyed(state, s)):
                return (Carrying(state, any), carrier);
            default:
                return null;
        }
    }

    /// <summary>Whether the origin may be told something of who asks that is not in the key.</summary>
    public bool IsTold(SymbolicState state) =>
        Fields.Union(state.FieldsWritten()).Any(field => LeakIn(state, field) is not null)
        || CarrierOfBackend(state) is not null
        || state.Treatment().Select(t => t.Value).Append(state.UrlSent())
            .Any(text => CarrierOf(text) is not null && !state.HasInKey(text));

    /// <summary>Whether the field has no identity cookie, only something that the VCL made of one.</summary>
    public bool IsEcho(SymbolicState state, Input field) =>
        field == Input.Cookie && state.FieldSent(field) is WrittenField { Value: var value }
            && HasNoIdentity(field, _explored.Solver.Reading(state, value));

    // The path where something is sent that tells of it: an identity cookie among the cookies; null where none shows.
    private SymbolicState? Telling(SymbolicState state, Input field, Text value) =>
        value.Taint.Any(s => !s.IsOfClientField)
        ? null
        : field == Input.Cookie && IdentityCookies is not null
            ? WithIdentityCookie(state, _explored.Solver.Simple(state, value))
            : _explored.Solver.Within(state, _explored.Solver.Simple(state, value), Language.Epsilon.Complement());

    // With a cookie that says something where there is such a path, as browsers send it; else with one in any spelling.
    private SymbolicState? WithIdentityCookie(SymbolicState state, Text text) =>
        _explored.Solver.Within(state, text, _explored.LanguageOf(CookieNames.AsBrowsersSend(_explored.Question)))
            is { } path && path.Approximation == state.Approximation
                ? path
                : _explored.Solver.Within(state, text, IdentityCookies!);

    /// <summary>The first carrier that the value may tell something about; null where there is none.</summary>
    public Input? CarrierOf(Text value) => value.Taint.Select(CarrierOf).FirstOrDefault(c => c is not null);

    /// <summary>
    /// The carrier that an input is: a field of the request, or what an earlier answer to the same client told, in any
    /// of its fields (<c>resp.http.set-cookie</c>); null where it is none.
    /// </summary>
    public Input? CarrierOf(Input input) => input switch
    {
        { Kind: InputKind.Anything } => Fields[0],
        { Owner: InputOwner.DeliveredAnswer } => input.Variable,
        { Owner: InputOwner.StoredAnswer } => _explored.Lookups.Any(l => l.Restarts > 0) ? input : null,
        // A connection keeps what is set of it, over the requests of whoever is behind it.
        { Owner: InputOwner.Session } when _explored.Writes(input) => Fields[0],
        _ when TrackedVariables.Hashes.Contains(input) => _explored.Lookups.Any(l => l.Restarts > 0) ? Fields[0] : null,
        { Owner: InputOwner.OriginAnswer } => AnswersTell() ? input.Variable : null,
        _ when input == Input.Url || input.AsOfThisRequest == Input.Url => IsInQuery() ? input : null,
        _ => input.IsOfClientField && Fields.Contains(input.Variable) ? input.Variable : null,
    };

    /// <summary>A carrier as messages call it.</summary>
    public static string Label(Input carrier) => carrier.IsOfClientField ? carrier.FieldTitle : carrier.Name;

    /// <summary>
    /// A carrier that decides which of many servers answers, without being in the key; null where there is none.
    /// </summary>
    public Input? CarrierOfBackend(SymbolicState state) =>
        state.BackendSent() is { } backend && !backend.Taint.All(s => IsKeyed(state, s)) ? CarrierOf(backend) : null;

    /// <summary>
    /// Whether requests without any carrier surely go the way as well, whatever else they ask for.
    /// </summary>
    public bool MayBeOfNobody(SymbolicState state) =>
        state.Approximation is null && CarrierOf(Input.Url) is null
        && !state.ImplicitInputs.Any(i => CarrierOf(i) is not null && !(i.IsOfAnswer && WasAnsweredToNobody(state)))
        && state.PathCondition.Where(p => Fields.Contains(p.Key.Variable))
            .All(p => !p.Key.IsFound && (p.Value.MayBeAbsent || p.Key.Variable == Input.Cookie))
        && (state.PathCondition.All(p => p.Key.Variable != Input.Cookie || p.Value.MayBeAbsent)
            || DeclaredIdentity.WithCarrier(_explored, state, Input.Cookie) is null);

    // Whether no request that goes this way told an origin who asks whose answer a retry then threw away.
    private bool WasAnsweredToNobody(SymbolicState state) =>
        !_explored.Sent.Any(sent => IsAskedFor(sent) && MayBeOneRequest(state, sent));

    private bool MayBeOneRequest(SymbolicState one, SymbolicState other) =>
        one.PathCondition.Keys.Intersect(other.PathCondition.Keys).Where(i => i is { IsOfClient: true, IsFound: false })
            .All(i => (_explored.Solver.Of(one, i), _explored.Solver.Of(other, i)) is var (mine, theirs)
                && ((mine.MayBeAbsent && theirs.MayBeAbsent)
                    || mine.Value.Intersects(theirs.Value, _explored.Solver.Budget)));

    private CookieInterference Session => _session ??= new(_explored);

    // Whether an answer that a retry throws away may be one to an identity. Asked of itself it is not.
    private bool AnswersTell()
    {
        if (_answersTell is null)
        {
            _answersTell = false;
            _answersTell = _explored.Sent.Any(IsAskedFor);
        }

        return _answersTell.Value;
    }

    // Whether the origin is told who asks, beside the key.
    private bool IsAskedFor(SymbolicState sent) =>
        Fields.Union(sent.FieldsWritten()).Any(f => LeakIn(sent, f) is not null)
        || sent.UrlSent().Taint.Any(u =>
            CarrierOf(u) is { } carrier && (carrier != Input.Url || !sent.HasInKey(sent.UrlSent())));

    // Whether what is looked up may have a query parameter that says who asks, in whichever way an origin may read it.
    private bool IsInQuery()
    {
        if (_isInQuery is null)
        {
            _isInQuery = DeclaredIdentity.Parameters(_explored) is { } named
                && _explored.Lookups.Any(l => _explored.Solver.Within(l, new InputText(Input.Url), named) is not null);
        }

        return _isInQuery.Value;
    }

    private bool IsOfClient(SymbolicState state, Text value) =>
        !state.HasInKey(value)
            && value.Taint.Any(s => s.IsOfClient && !IsKeyed(state, s));

    private bool IsKeyed(SymbolicState state, Input input) =>
        input != Input.Anything && state.HasInKey(new InputText(input))
            && !_explored.Solver.Of(state, input).MayRepeat;

    /// <summary>The path where the carriers that the value comes from are there, as far as they can be.</summary>
    public SymbolicState Carrying(SymbolicState state, Text value)
    {
        foreach (var input in value.Taint.Where(s => s.IsOfClientField && Fields.Contains(s.Variable))
            .Distinct())
        {
            state = _explored.Solver.WithPresence(state, new InputField(input), true) ?? state;
            if (input.Variable == Input.Cookie && IdentityCookies is not null)
            {
                state = WithIdentityCookie(state, new InputText(input)) ?? state;
            }
        }

        return state;
    }

    // Values of Cookie with a declared identity cookie among them; null where none is declared.
    private Language? IdentityCookies
    {
        get
        {
            var cookies = _explored.Question.Identity.Cookies;
            if (_identityCookies is null && cookies.Count > 0)
            {
                _identityCookies = _explored.LanguageOf(CookieNames.AmongOthers(_explored.Question));
            }

            return _identityCookies;
        }
    }

    // Cookies without any declared identity cookie among them say nothing about who asks.
    private bool HasNoIdentity(Input carrier, Language values) =>
        carrier == Input.Cookie && IdentityCookies is { } named && !values.Intersects(named, _explored.Solver.Budget);
}
