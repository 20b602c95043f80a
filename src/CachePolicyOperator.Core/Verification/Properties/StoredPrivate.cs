using CachePolicyOperator.Core.Diagnostics;
using CachePolicyOperator.Core.HeaderFields;
using CachePolicyOperator.Core.Routes.Automata;
using CachePolicyOperator.Core.Verification.Exploration;
using CachePolicyOperator.Core.Verification.Flows;
using CachePolicyOperator.Core.Verification.Program;
using CachePolicyOperator.Core.Verification.State;
using CachePolicyOperator.Core.Verification.Values;

namespace CachePolicyOperator.Core.Verification.Properties;

/// <summary>
/// No response that the origin marks as private, or gives to an authorised request, is stored, judged on the header
/// fields that the origin sent; nor is an answer that the VCL itself makes of who asks (SP3, SP7, SP8, SP9).
/// </summary>
internal sealed class StoredPrivate : IVclProperty
{
    private static readonly SharedPattern OfTargeted = new(@"(?i)(?:^|,)[ \t]*(?:private|no-store)[ \t]*(?:,|;|=|$)");

    // Also an empty line: more lines may follow it.
    private static readonly SharedPattern Anything = new(string.Empty);

    private static readonly Input SurrogateControl = Input.OfAnswerField("surrogate-control");

    private static readonly SharedPattern Private = new(@"(?i)(?:^|,)[ \t]*private[ \t]*(?:,|=|$)");
    private static readonly SharedPattern NoStore = new(@"(?i)(?:^|,)[ \t]*no-store[ \t]*(?:,|$)");

    public string Code => "response/stored-private";

    public IEnumerable<Finding> Check(ExploredStates explored)
    {
        foreach (var finding in Marked(explored, ResponseFields.SetCookie, Anything.Language, "`Set-Cookie`",
            Severity.Error)
            .Concat(OfCacheControl(explored, Private.Language, "`Cache-Control: private`"))
            .Concat(OfCacheControl(explored, NoStore.Language, "`Cache-Control: no-store`"))
            .Concat(Varying(explored)))
        {
            yield return finding;
        }

        foreach (var field in ResponseFields.TargetedAtCaches.Select(f => f.ToLowerInvariant()))
        {
            var what = $"`{FieldTitle.Of(field)}: no-store`";
            foreach (var finding in Marked(explored, field, OfTargeted.Language, what,
                explored.Question.WarningUnlessStrict()))
            {
                yield return finding;
            }
        }

        foreach (var finding in Authorised(explored).Concat(SelfMade(explored)).Concat(Chosen(explored))
            .Concat(Given(explored)).Concat(Exposed(explored)))
        {
            yield return finding;
        }
    }

    private IEnumerable<Finding> Marked(ExploredStates explored, string field, Language values, string what,
        Severity severity) =>
        Told(explored.StoresOf((Input.OfAnswerField(field), Facts(explored, field, values))), what, severity);

    // What the origin says to caches of its own side goes before what it says to all of them (Edge Architecture 1.0
    // §2).
    private IEnumerable<Finding> OfCacheControl(ExploredStates explored, Language values, string what)
    {
        var marked = (
            Input.OfAnswerField(ResponseFields.CacheControl), Facts(explored, ResponseFields.CacheControl, values));
        var alone = explored.StoresOf(marked, (SurrogateControl, new InputFacts(true, Language.Empty, false)));
        return alone.Count > 0
            ? Told(alone, what, Severity.Error)
            : Told(explored.StoresOf(marked), $"{what} beside `Surrogate-Control`",
                explored.Question.WarningUnlessStrict());
    }

    // Who asks makes no difference to the answer where the origin is told nothing of it, or the key tells it apart.
    private IEnumerable<Finding> Varying(ExploredStates explored)
    {
        const string onWhoAsks = "`Vary` on who asks";
        var identity = IdentityTaint.Of(explored);
        foreach (var store in explored.Stores)
        {
            // What an origin that is told nothing of who asks finds to differ is something else.
            var told = Told(Varied(store, @"^\*$"), onWhoAsks,
                identity.IsTold(store.State) ? Severity.Error : explored.Question.WarningUnlessStrict())
                .Concat(
                    from name in explored.Question.Identity.Headers.Items
                        .Union([RequestFields.Cookie, RequestFields.Authorization])
                    let path = Differing(explored, store.State, Input.OfClientField(name.ToLowerInvariant()))
                    where path is not null
                    let named = $@"(?i)(?:^|,)[ \t]*{System.Text.RegularExpressions.Regex.Escape(name)}[ \t]*(?:,|$)"
                    from finding in Told(Varied(store with { State = path }, named), onWhoAsks, Severity.Error)
                    select finding)
                .ToList();
            // varnishd and the built-in VCL know the mark alone, and RFC 9110 §12.5.5 does among others as well.
            foreach (var finding in told.Count > 0 ? told
                : Told(Varied(store, @"(?:^|,)[ \t]*\*[ \t]*(?:,|$)"), "`Vary` with an asterisk among others",
                    explored.Question.WarningUnlessStrict()))
            {
                yield return finding;
            }
        }

        IEnumerable<Completion> Varied(Completion store, string pattern) => explored.Among(
            [store],
            (Input.OfAnswerField(ResponseFields.Vary),
                Facts(explored, ResponseFields.Vary, explored.LanguageOf(pattern))));
    }

    // The path of requests of which the origin is told what the key does not have; null where it is told nothing.
    private static SymbolicState? Differing(ExploredStates explored, SymbolicState state, Input carrier)
    {
        switch (state.FieldSent(carrier))
        {
            case AbsentField:
                return null;
            case InputField { Input: var arrived } field:
                return state.HasInKey(new InputText(arrived)) && !explored.Solver.Of(state, arrived).MayRepeat
                    ? null
                    : explored.Solver.WithPresence(state, field, true);
            case var field:
                return state.HasInKey(field.Read())
                    ? null
                    : IdentityTaint.Of(explored).Carrying(state, field.Read());
        }
    }

    private IEnumerable<Finding> Told(IEnumerable<Completion> stores, string what, Severity severity) =>
        stores.Select(store => new Finding(Code, severity, store.State, store.Return!.Span,
            $"a response with {what} is stored",
            "set `beresp.uncacheable = true;` for it before any header field is unset, or let the built-in VCL " +
                "run"));

    private static InputFacts Facts(ExploredStates explored, string field, Language values) =>
        new(false, values.Intersect(explored.Solver.Values, explored.Solver.Budget), field == ResponseFields.SetCookie);

    private IEnumerable<Finding> Authorised(ExploredStates explored) =>
        from store in explored.Stores
        let sent = store.State.FieldSent(Input.Authorization)
        // A password of the VCL's own is the same for everybody.
        where sent is not WrittenField { Value: ConstantText }
        let path = explored.Solver.WithPresence(store.State, sent, true)
        where path is not null
        select new Finding(Code, Severity.Error, path, store.Return!.Span,
            "a response to a request with `Authorization` is stored",
            "`if (req.http.Authorization) { return (pass); }` before anything returns `hash`");

    // The answer to a passed request is its client's alone: without these fields it looks as if it were anybody's.
    private IEnumerable<Finding> Exposed(ExploredStates explored) =>
        from pass in explored.Passes
        from field in OwnershipMarks.Fields
        where pass.State.FieldOf(field) is AbsentField
        select new Finding(Code, explored.Question.WarningUnlessStrict(), pass.State, pass.Return!.Span,
            $"the answer to a passed request loses its `{field.FieldTitle}`",
            "`if (bereq.uncacheable) { return (deliver); }` before any field of an answer is changed");

    // What varnishd answers for want of an origin is kept for a moment if others wait for it, and longer where the VCL
    // says so.
    private IEnumerable<Finding> SelfMade(ExploredStates explored) =>
        Telling(explored, explored.ErrorStores, "an error page", "in `vcl_backend_error`", areErrors: true)
            .Concat(Telling(explored, explored.Stores, "an answer", "in `vcl_backend_response`", areErrors: false));

    private IEnumerable<Finding> Chosen(ExploredStates explored)
    {
        var identity = IdentityTaint.Of(explored);
        return
            from answer in ImplicitFlows.OfAnswers(explored, i => identity.CarrierOf(i) is not null)
            let carrier = identity.CarrierOf(answer.Input)
            select new Finding(Code, Severity.Error, answer.Store.State, answer.Store.Return!.Span,
                $"which answer the VCL makes itself, and stores, depends on `{IdentityTaint.Label(carrier!)}`, which " +
                    "the key does not have",
                "`set beresp.uncacheable = true;` in `vcl_backend_error`, or put what was decided into the key")
            {
                IsOfTwo = true,
            };
    }

    // A cookie that says who asks, of the VCL's own making: one for everybody who is answered from the cache.
    private IEnumerable<Finding> Given(ExploredStates explored)
    {
        var named = explored.Question.Identity.Cookies.Count > 0
            ? explored.LanguageOf($@"^[ \t]*(?:{CookieNames.PatternOf(explored.Question)})[ \t]*=")
            : Anything.Language;
        return
            from store in explored.Stores.Concat(explored.ErrorStores)
            let field = store.State.FieldOf(OwnershipMarks.SetCookie)
            where field is WrittenField or AnyField
                || (field is InputField { Input: var arrived } && arrived != OwnershipMarks.SetCookie)
            let value = field.Read()
            where !store.State.HasInKey(value)
            let path = explored.Solver.Within(store.State, explored.Solver.Simple(store.State, value), named)
            where path is not null
            select new Finding(Code, Severity.Error, path, store.Return!.Span,
                "an answer is stored to which the VCL gave a `Set-Cookie` that may say who asks",
                "set `resp.http.Set-Cookie` in `vcl_deliver`, of nothing that is stored");
    }

    private IEnumerable<Finding> Telling(ExploredStates explored, IReadOnlyList<Completion> stores, string what,
        string where, bool areErrors)
    {
        var identity = IdentityTaint.Of(explored);
        foreach (var store in stores)
        {
            var written = store.State.Fields.Where(f => f.Key.IsOfAnswer && f.Key.IsOfField)
                .Select(f => f.Value.Read())
                .Concat(TrackedVariables.OfAnswer
                    .Select(n => store.State.Strings.GetValueOrDefault(n, Text.Empty)));
            if (written.FirstOrDefault(w => CarrierIn(w) is not null && !store.State.HasInKey(w)) is { } telling)
            {
                yield return new Finding(Code, Severity.Error, identity.Carrying(store.State, telling),
                    store.Return!.Span,
                    $"{what} made of `{IdentityTaint.Label(CarrierIn(telling)!)}` is stored",
                    $"`set beresp.uncacheable = true;` {where}, or tell nothing of the request");
            }
        }

        // An answer may be made of itself; in place of one, what an earlier try was told is somebody's.
        Input? CarrierIn(Text text)
        {
            foreach (var source in text.Taint)
            {
                if ((areErrors || !source.IsOfAnswer) && identity.CarrierOf(source) is { } carrier)
                {
                    return carrier;
                }
            }

            return null;
        }
    }
}
