using CachePolicyOperator.Core.HeaderFields;
using CachePolicyOperator.Core.Verification.Exploration;
using CachePolicyOperator.Core.Verification.Program;
using CachePolicyOperator.Core.Verification.State;
using CachePolicyOperator.Core.Verification.Values;

namespace CachePolicyOperator.Core.Verification.Flows;

/// <summary>
/// Implicit flows past the key: inputs that decide what the origin sees although the key does not tell. Two ways to a
/// store that may have one key, and send different things.
/// </summary>
internal static class ImplicitFlows
{
    /// <summary>
    /// Each store with the input that decided, or null where something else did; first those that need the input to be
    /// there.
    /// </summary>
    public static IReadOnlyList<(Completion Store, Input? Input)> Of(ExploredStates explored) => explored.Once(Found);

    /// <summary>
    /// Answers of varnishd's own that are stored, with the input of some that decided which one it was, where another
    /// one may have its key.
    /// </summary>
    /// <remarks>Two keys are compared only where such an input differs: that is rare, and answers are many.</remarks>
    public static IEnumerable<(Completion Store, Input Input)> OfAnswers(
        ExploredStates explored, Func<Input, bool> asked)
    {
        Completion[] stores = [.. explored.ErrorStores];
        var answers = Array.ConvertAll(stores, s => AnswerOf(s.State));
        var keys = new Lazy<KeyComparison>(() => new KeyComparison([.. stores.Select(s => s.State)], explored.Solver));
        return
            from one in Enumerable.Range(0, stores.Length)
            from other in Enumerable.Range(0, one)
            where answers[one] != answers[other]
            let store = stores[one]
            from input in Differing(store.State, stores[other].State, explored.Solver)
            where input is not null && asked(input) && !keys.Value.AreApart(one, other)
            select (store, input);
    }

    private static IReadOnlyList<(Completion Store, Input? Input)> Found(ExploredStates explored) =>
        [.. Pairs(explored).OrderBy(p => IsThere(p.Store.State, p.Input) ? 0 : 1)];

    // What clients see of an answer. Unknown values of one place are one thing here, whichever way they were made on.
    private static string AnswerOf(SymbolicState state) => string.Join('\n',
    [
        .. state.Fields.Where(f => f.Key.IsOfAnswer && f.Key.IsOfField)
            .Select(f => $"{f.Key} {f.Value.GetType().Name} {Outline(f.Value.Read())}"),
        .. TrackedVariables.OfAnswer.Select(n => Outline(state.Strings.GetValueOrDefault(n, Text.Empty))),
    ]);

    private static string Outline(Text text) => text switch
    {
        ConstantText constant => constant.Value,
        MappedText mapped => $"{mapped.Map.Key}({Outline(mapped.Source)})",
        JoinedText joined => string.Join('+', joined.Parts.Items.Select(Outline)),
        AnyText any => $"any {any.Why?.Reason} {string.Join(',', any.Inputs.Items)}",
        _ => string.Join(',', text.Taint),
    };

    private static bool IsThere(SymbolicState state, Input? input) =>
        input is not null && state.PathCondition.TryGetValue(input, out var facts) && !facts.MayBeAbsent;

    private static IEnumerable<(Completion Store, Input? Input)> Pairs(ExploredStates explored)
    {
        var solver = explored.Solver;
        SymbolicState[] all = [.. explored.Sent, .. explored.Refused];
        var sent = all;
        var identity = IdentityTaint.Of(explored);
        var varying = SentRequest.FieldsVarying(sent);
        Input[] telling = [.. varying.Where(f => !RequestFields.Harmless.Contains(f.FieldName!))];
        sent = [.. sent.OrderBy(s => s.Approximation is null ? 0 : 1).DistinctBy(s => SentAs(s, varying))];
        var (kept, refused) = (ByKey(explored, explored.Stores), ByKey(explored, explored.ErrorStores));
        var stores = Array.ConvertAll(sent, s =>
            StoreOf(explored, s, s.Strings.ContainsKey(TrackedVariables.Refusal) ? refused : kept, varying));
        var keys = new KeyComparison(sent, solver);
        for (var i = 0; i < sent.Length; i++)
        {
            for (var j = i + 1; j < sent.Length; j++)
            {
                solver.Budget.Spend(1);
                if ((stores[i] ?? stores[j]) is null || keys.AreApart(i, j))
                {
                    continue;
                }

                solver.Budget.Spend(10 + varying.Count);
                if (SendsOther(sent[i], sent[j], varying, solver, keyed: false))
                {
                    // These fields say nothing, unless it is an identity that they are made to say.
                    var tells = SendsOther(sent[i], sent[j], telling, solver, keyed: true);
                    var areOthersAlike = new Lazy<bool>(() =>
                        MayDifferInIdentitiesAlone(sent[i], sent[j], identity, solver));
                    var mayEachGoEitherWay = new Lazy<bool>(() =>
                        MayGoLike(sent[i], sent[j], all, identity, varying)
                        && MayGoLike(sent[j], sent[i], all, identity, varying));
                    foreach (var found in Between(stores[i], sent[i], sent[j], varying, solver)
                        .Where(f => IsTold(f.Input, sent[i]))
                        .Concat(Between(stores[j], sent[j], sent[i], varying, solver)
                            .Where(f => IsTold(f.Input, sent[j]))))
                    {
                        yield return found;
                    }

                    // Where somebody who says nothing goes the way of what is stored as well, and what else is asked
                    // for tells the two ways apart, it is not who asks that decides.
                    bool IsTold(Input? input, SymbolicState stored) =>
                        input is not null && identity.CarrierOf(input) is not null
                            ? (areOthersAlike.Value || !identity.MayBeOfNobody(stored)) && !mayEachGoEitherWay.Value
                            : tells;
                }
            }
        }
    }

    // Of requests that are alike but for who asks, one may go each way. Where none may, it is the rest that decides.
    private static bool MayDifferInIdentitiesAlone(
        SymbolicState one, SymbolicState other, IdentityTaint identity, Solver solver) =>
        !one.Assumed.Any(a => a.Key.IsOfConnection
            && other.Assumed.TryGetValue(a.Key, out var answer) && answer != a.Value)
        && one.PathCondition.Keys.Intersect(other.PathCondition.Keys)
            .Where(i => i is { IsOfClient: true, IsFound: false } && identity.CarrierOf(i) is null)
            .All(i => (solver.Of(one, i), solver.Of(other, i)) is var (mine, theirs)
                && ((mine.MayBeAbsent && theirs.MayBeAbsent)
                    || !mine.Value.Intersect(theirs.Value, solver.Budget).IsEmpty));

    // Whether every request of the one way is sent as on the other where what no request says is as it was there:
    // whether an origin is healthy.
    private static bool MayGoLike(SymbolicState one, SymbolicState other, SymbolicState[] all,
        IdentityTaint identity, IReadOnlyList<Input> varying) =>
        !one.ImplicitInputs.Any(i => identity.CarrierOf(i) is not null)
        && all.Any(like => like.PathCondition.Equals(one.PathCondition)
            && like.Assumed.Equals(other.Assumed)
            && like.Restarts == one.Restarts
            && like.ImplicitInputs.SetEquals(one.ImplicitInputs)
            && like.BodyIsSent() == other.BodyIsSent()
            && SentRequest.IsTheSame(like, other, varying));

    // All that decides about a pair: paths that are alike in it are told apart by nothing that is asked here.
    private static object SentAs(SymbolicState state, IReadOnlyList<Input> varying) => (
        state.Key.ToEquatableList(), state.UrlSent(), state.MethodSent(), state.BackendSent(), state.BodyIsSent(),
        (state.PathCondition, state.Restarts, state.Assumed.Without(q => !q.IsOfConnection)),
        state.Treatment().ToEquatableList(), varying.Select(state.FieldSent).ToEquatableList(),
        string.Join('\n', state.ImplicitInputs.Order()));

    private static ILookup<EquatableList<Text>, Completion> ByKey(
        ExploredStates explored, IReadOnlyList<Completion> stores)
    {
        explored.Solver.Budget.Spend(stores.Count * 5L);
        return stores.ToLookup(s => s.State.Key.ToEquatableList());
    }

    // Where what the path sends is stored; null where it is not.
    private static Completion? StoreOf(ExploredStates explored, SymbolicState sent,
        ILookup<EquatableList<Text>, Completion> stores, IReadOnlyList<Input> varying)
    {
        foreach (var store in stores[sent.Key.ToEquatableList()])
        {
            explored.Solver.Budget.Spend(5);
            if (SentRequest.IsTheSame(store.State, sent, varying))
            {
                return store;
            }
        }

        return null;
    }

    // What the one sends is stored, and may be what the other gets.
    private static IEnumerable<(Completion Store, Input? Input)> Between(
        Completion? stored, SymbolicState one, SymbolicState other, IReadOnlyList<Input> varying, Solver solver)
    {
        if (stored is not { } store)
        {
            return [];
        }

        var path = Removed(one, other, varying, solver, keyed: false)
            .Aggregate(one, (state, field) => solver.WithPresence(state, field, true) ?? state);
        return Differing(one, other, solver)
            .Select(input => (store with { State = path.Approximated(other.Approximation) }, input));
    }

    private static bool SendsOther(SymbolicState one, SymbolicState other, IReadOnlyList<Input> varying,
        Solver solver, bool keyed) =>
        Decided(one, one.UrlSent(), other, other.UrlSent(), solver)
            || Decided(one, one.MethodSent(), other, other.MethodSent(), solver)
        || one.BackendSent() != other.BackendSent() || one.BodyIsSent() != other.BodyIsSent() || !one.IsTreatedAs(other)
        || varying.Any(f => Decided(one, one.FieldSent(f), other, other.FieldSent(f), solver))
        || Removed(one, other, varying, solver, keyed).Any();

    private static bool Decided(SymbolicState one, Field sent, SymbolicState other, Field otherwise, Solver solver) =>
        sent != otherwise && !IsNumbered(sent, otherwise) && !IsNumbered(otherwise, sent)
            && (IsMade(sent) || IsMade(otherwise) || (sent is InputField && otherwise is InputField)
            || IsRestored(sent, otherwise) || IsRestored(otherwise, sent))
        && ((sent is AbsentField) != (otherwise is AbsentField)
            || Decided(one, sent.Read(), other, otherwise.Read(), solver));

    // Whether a client sent such a field is not the VCL's doing, and varnishd writes its number either way.
    private static bool IsNumbered(Field sent, Field otherwise) =>
        sent == ForwardingRules.Number && otherwise is InputField;

    // By a statement of the VCL, which may have joined the lines of a field on one way: what varnishd itself may take
    // away has no place.
    private static bool IsMade(Field field) => field is WrittenField or AnyField { Value.Why.Place.File: not null };

    // By varnishd, as a rollback does, and not sent on the other way.
    private static bool IsRestored(Field sent, Field otherwise) =>
        sent is AnyField { Value.Why: var why } && why != ForwardingRules.Named && otherwise is AbsentField;

    // Sent as they came on one way, removed on the other. What the key does not have is judged as the field that it is,
    // too.
    private static IEnumerable<InputField> Removed(SymbolicState one, SymbolicState other,
        IReadOnlyList<Input> varying, Solver solver, bool keyed) =>
        from name in varying
        from way in new (Field Sent, SymbolicState Sender,
            SymbolicState Remover)[] { (one.FieldSent(name), one, other), (other.FieldSent(name), other, one) }
        where way.Remover.FieldSent(name) is AbsentField
        let input = way.Sent as InputField
        where input is not null
            && (!keyed || (one.HasInKey(new InputText(input.Input)) && other.HasInKey(new InputText(input.Input))))
            && solver.Of(way.Remover, input.Input).MayBePresent && solver.Of(way.Sender, input.Input).MayBePresent
        select input;

    // What stands at the same place of both keys is the same whenever the keys are, and so is what one function makes
    // of it.
    private static bool Decided(SymbolicState one, Text sent, SymbolicState other, Text otherwise, Solver solver) =>
        sent != otherwise
            && !CacheKeys.AreTold(one, sent, other, otherwise, solver);

    private static Input?[] Differing(SymbolicState one, SymbolicState other, Solver solver)
    {
        Input?[] inputs =
        [
            .. one.PathCondition.Keys.Union(other.PathCondition.Keys)
                .Where(i => !solver.Of(one, i).Equals(solver.Of(other, i)))
                .Union(one.ImplicitInputs).Union(other.ImplicitInputs)
                .Where(i => i != Input.Host
                    && (!one.HasInKey(new InputText(i)) || !other.HasInKey(new InputText(i)))),
        ];
        return inputs.Length == 0 ? [null] : inputs;
    }
}
