using CachePolicyOperator.Core.HeaderFields;
using CachePolicyOperator.Core.Routes;
using CachePolicyOperator.Core.Routes.Automata;
using CachePolicyOperator.Core.Verification.Program;
using CachePolicyOperator.Core.Verification.State;
using CachePolicyOperator.Core.Verification.Values;

namespace CachePolicyOperator.Core.Verification.Exploration;

/// <summary>
/// Everything that the properties look at, explored once, even where that fails: all lookups, the fetches behind them
/// and what they store.
/// </summary>
internal sealed class ExploredStates
{
    private readonly Regexes _regexes;
    private readonly RequestExplorer _explorer;
    private readonly Lazy<IReadOnlyList<SymbolicState>> _lookups;
    private readonly Lazy<IReadOnlyList<SymbolicState>> _fetches;
    private readonly Lazy<IReadOnlyList<SymbolicState>> _sent;
    private readonly Lazy<IReadOnlyList<SymbolicState>> _refused;
    private readonly Lazy<IReadOnlyList<Completion>> _stores;
    private readonly Lazy<IReadOnlyList<Completion>> _errorStores;
    private readonly Lazy<IReadOnlyList<Completion>> _passes;
    private readonly Lazy<IReadOnlyList<Completion>> _restarts;
    private readonly Dictionary<Delegate, Lazy<object>> _found = [];

    public ExploredStates(VclQuestion question, Solver solver, Regexes regexes, RequestExplorer explorer)
    {
        var start = new SymbolicState();
        (Question, Solver, _regexes, _explorer) = (question, solver, regexes, explorer);
        _lookups = new(() => explorer.Lookups(start));
        _fetches = new(() => explorer.Fetches(Lookups));
        _sent = new(() => explorer.Sent(Fetches));
        _refused = new(() => explorer.Refused(Fetches));
        _stores = new(() => explorer.Stores(Fetches));
        _errorStores = new(() => explorer.ErrorStores(Fetches));
        _passes = new(() => OwnershipMarks.Fields.Any(explorer.Unsets) || explorer.Writes(Flag.ParsedForEsi.Variable!)
            ? explorer.Passes(start, answer => OwnershipMarks.AreLost(answer) || answer.IsParsedForEsi)
            : []);
        _restarts = new(() => explorer.RestartsWithoutBody(start));
    }

    public VclQuestion Question { get; }

    public Solver Solver { get; }

    /// <summary>Whether a statement of the VCL may write the variable.</summary>
    public bool Writes(Input variable) => _explorer.Writes(variable);

    /// <summary>Whether what a later line of cookies begins with stands behind a comma, where lines are joined.</summary>
    public bool CookiesStandBehindCommas => _explorer.CookiesStandBehindCommas;

    /// <summary>The texts that may match a pattern.</summary>
    public Language LanguageOf(string pattern) => _regexes.LanguageOf(pattern).May;

    /// <summary>Every way of any request to a lookup.</summary>
    public IReadOnlyList<SymbolicState> Lookups => _lookups.Value;

    public IReadOnlyList<SymbolicState> Fetches => _fetches.Value;

    /// <summary>Every backend request as the origin gets it.</summary>
    public IReadOnlyList<SymbolicState> Sent => _sent.Value;

    /// <summary>Every backend request that the VCL answers itself.</summary>
    public IReadOnlyList<SymbolicState> Refused => _refused.Value;

    /// <summary>Every way of any response into the shared cache.</summary>
    public IReadOnlyList<Completion> Stores => _stores.Value;

    /// <summary>Every way of an answer of varnishd's own into the shared cache.</summary>
    public IReadOnlyList<Completion> ErrorStores => _errorStores.Value;

    /// <summary>Every restart of a request whose body is not there any more.</summary>
    public IReadOnlyList<Completion> RestartsWithoutBody => _restarts.Value;

    /// <summary>
    /// Every response to a request that was passed, as it is handed to its one client, with less than the origin said
    /// of whose it is, or parsed for fragments.
    /// </summary>
    public IReadOnlyList<Completion> Passes => _passes.Value;

    /// <summary>What is found of the states, found once for all who ask, even where that fails.</summary>
    public T Once<T>(Func<ExploredStates, T> find)
        where T : notnull
    {
        if (!_found.TryGetValue(find, out var found))
        {
            _found.Add(find, found = new Lazy<object>(() => find(this)));
        }

        return (T)found.Value;
    }

    /// <summary>The ways to a lookup of requests whose target is among the words.</summary>
    public IReadOnlyList<SymbolicState> LookupsOf(WordSet targets) =>
        [.. Lookups.Select(lookup => Solver.Within(lookup, new InputText(Input.Url), targets)).OfType<SymbolicState>()];

    /// <summary>
    /// The path, where the query of the value, as a target that is sent, may name a personal page; null where it
    /// cannot.
    /// </summary>
    public SymbolicState? NamedInQuery(SymbolicState state, Text sent) =>
        Question.Personal.InQuery is { } named ? Solver.Within(state, sent, named) : null;

    /// <summary>
    /// The path, where an origin may resolve the value, as a target, to a personal route. What origins make of targets
    /// that are not canonical takes large automata, which are made only where such a target gets as far as here.
    /// </summary>
    /// <param name="isOnlyWarned">
    /// No proof rests on it: targets that are not canonical, and what takes long to find, are left out.
    /// </param>
    public IEnumerable<SymbolicState> Personal(SymbolicState state, Text target, bool isOnlyWarned = false)
    {
        var pages = new WordSet(null, Question.Personal.CanonicalTargets(), IsOfPaths: true);
        if (isOnlyWarned)
        {
            if (Solver.FoundWithin(state, target, pages) is { } found)
            {
                yield return found;
            }

            yield break;
        }

        if (Solver.Within(state, target, pages) is { } canonical)
        {
            yield return canonical;
        }

        if (Solver.Within(state, target, OddTargets(target)) is not { } odd
            || !MayBeResolved(odd, target))
        {
            yield break;
        }

        if (Question.Personal.Targets() is not { } targets)
        {
            yield return Dotted(odd, target) ?? odd.Approximated(TooManyReadings);
        }
        else if (Solver.Within(odd, target, targets) is { } personal)
        {
            // What is shown is a target that surely is personal, where there is one. Of what is rendered nothing odd
            // gets so far but where a rule is wrong, which canonical targets show as well.
            yield return Question.Strict ? personal
                : Solver.Within(odd, target, Question.Personal.TargetsWithoutDots()!)
                    ?? Dotted(odd, target) ?? personal.Approximated(UncountedDots);
        }
    }

    // No client but an attacker's asks for a target without `/`, `http://` or `https://` at its beginning, and what he is
    // answered is his own page.
    private Language OddTargets(Text target)
    {
        var odd = CanonicalTarget.OfAnyQuery.Complement();
        return Question.Strict || target != new InputText(Input.Url) ? odd
            : odd.Intersect(LanguageOf("^(?:/|(?i:https?)://)"), Solver.Budget);
    }

    // Most VCLs let little that is odd so far, and of that, little is read otherwise than as it is written.
    private bool MayBeResolved(SymbolicState odd, Text target)
    {
        var texts = Solver.WithKeptPath(odd, target) ?? Solver.Reading(odd, target);
        return Solver.Budget.Remember((nameof(MayBeResolved), Question.Personal, texts), () =>
        {
            try
            {
                var budget = Solver.Budget.Share(work: 2_000_000, cells: 1_000_000);
                return Question.Personal.MayHold(
                    texts.Intersect(CanonicalTarget.OfAnyQuery.Complement(), budget), budget);
            }
            catch (BudgetExceededException) when (!Solver.Budget.IsSpent)
            {
                return true;
            }
        });
    }

    private SymbolicState? Dotted(SymbolicState odd, Text target) =>
        !Question.Strict && Question.Personal.DottedTargets() is { } dotted ? Solver.Within(odd, target, dotted) : null;

    private static OverApproximation UncountedDots { get; } =
        new(default, "which segments `..` takes back in such a target is not counted; pass targets with dot segments");

    private static OverApproximation TooManyReadings { get; } =
        new(default,
            "what an origin of this profile makes of encoded, doubled or dotted targets is too much to follow; name " +
                "the profile of the real one");

    /// <summary>The ways into the cache of responses of which something is known.</summary>
    public IReadOnlyList<Completion> StoresOf(Input responseField, InputFacts facts) =>
        StoresOf([(responseField, facts)]);

    public IReadOnlyList<Completion> StoresOf(params (Input Input, InputFacts Facts)[] response) =>
        Among(Stores, response);

    /// <summary>Those of some ways into the cache that responses take of which something is known.</summary>
    public IReadOnlyList<Completion> Among(
        IEnumerable<Completion> stores, params (Input Input, InputFacts Facts)[] response)
    {
        var known = Response(response).PathCondition;
        return
        [
            .. from store in stores
               let state = known.Aggregate((SymbolicState?)store.State, (path, input) =>
                   path is null ? null : Solver.Within(path, input.Key, input.Value))
               where state is not null
               select store with { State = state },
        ];
    }

    /// <summary>
    /// The ways into the cache of responses with one of the statuses; the flag says what is known of their lifetime.
    /// </summary>
    public IReadOnlyList<Completion> StoresOf(Language statuses, bool? fresh)
    {
        var status = new InputFacts(false, statuses, false);
        if (!Stores.Any(store =>
            Solver.Within(store.State, TrackedVariables.Status, status) is { } state
            && (fresh is not false || !IsFreshByItself(state))))
        {
            return [];
        }

        var response = Response([(TrackedVariables.Status, status)]);
        return _explorer.Stores(Fetches, fresh is { } known ? response.WithFlag(Flag.Fresh, known)
            : response);
    }

    // Found to have a lifetime that the VCL did not write.
    private static bool IsFreshByItself(SymbolicState state) =>
        state.Flags.GetValueOrDefault(Flag.Fresh) && !state.Flags.ContainsKey(Flag.Invented);

    /// <summary>The same, of responses to some of the fetches.</summary>
    public IReadOnlyList<Completion> StoresOf(IReadOnlyList<SymbolicState> fetches,
        params (Input Input, InputFacts Facts)[] response) =>
        _explorer.Stores(fetches, Response(response));

    private static SymbolicState Response((Input Input, InputFacts Facts)[] response) => new()
    {
        PathCondition = VariableMap<Input, InputFacts>.Empty.SetItems(response.SelectMany(KnownOf)),
    };

    // Lines that a VCL joins are an input of their own.
    private static IEnumerable<KeyValuePair<Input, InputFacts>> KnownOf((Input Input, InputFacts Facts) answer) =>
        !answer.Input.IsOfField ? [KeyValuePair.Create(answer.Input, answer.Facts)]
        : !ResponseFields.Judged.Contains(answer.Input.FieldName!)
            ? throw new System.Diagnostics.UnreachableException(
                $"`{answer.Input}` is not in {nameof(ResponseFields.Judged)}: what a VCL writes there is forgotten")
        :
        [
            KeyValuePair.Create(answer.Input, answer.Facts),
            KeyValuePair.Create(answer.Input.AllLines, answer.Facts with { MayRepeat = false }),
        ];
}
