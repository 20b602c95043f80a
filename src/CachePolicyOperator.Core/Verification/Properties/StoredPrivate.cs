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

    private static readonly SharedPattern Private = new(@"(?i)(?:^|,)[ \t]*private[ \t]*(?:,|=|$)");
    private static readonly SharedPattern NoStore = new(@"(?i)(?:^|,)[ \t]*no-store[ \t]*(?:,|$)");

    public string Code => "response/stored-private";

    public IEnumerable<Finding> Check(ExploredStates explored)
    {
        foreach (var (field, values, what) in Marks(explored))
        {
            foreach (var finding in Marked(explored, field, values, what, Severity.Error))
            {
                yield return finding;
            }
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
        Severity severity)
    {
        var solver = explored.Solver;
        var marked = values.Intersect(solver.Values, solver.Budget);
        return explored
            .StoresOf(Input.OfAnswerField(field), new InputFacts(false, marked, field == ResponseFields.SetCookie))
            .Select(store => new Finding(Code, severity, store.State, store.Return!.Span,
                $"a response with {what} is stored",
                "set `beresp.uncacheable = true;` for it before any header field is unset, or let the built-in VCL " +
                    "run"));
    }

    private IEnumerable<Finding> Authorised(ExploredStates explored) =>
        from store in explored.Stores
        let path = explored.Solver.WithPresence(store.State, store.State.FieldSent(Input.Authorization), true)
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
            from answer in ImplicitFlows.OfAnswers(explored)
            let carrier = identity.CarrierOf(answer.Input)
            where carrier is not null
            select new Finding(Code, Severity.Error, answer.Store.State, answer.Store.Return!.Span,
                $"which answer the VCL makes itself, and stores, depends on `{IdentityTaint.Label(carrier)}`, which " +
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
        Input? CarrierIn(Text text) =>
            text.Taint.Where(s => areErrors || !s.IsOfAnswer)
            .Select(identity.CarrierOf).FirstOrDefault(c => c is not null);
    }

    private static IEnumerable<(string Field, Language Values, string What)> Marks(ExploredStates explored)
    {
        yield return (ResponseFields.SetCookie, Anything.Language, "`Set-Cookie`");
        yield return (ResponseFields.CacheControl, Private.Language, "`Cache-Control: private`");
        yield return (ResponseFields.CacheControl, NoStore.Language, "`Cache-Control: no-store`");
        var names = explored.Question.Identity.Headers.Items
            .Union([RequestFields.Cookie, RequestFields.Authorization])
            .Select(n => System.Text.RegularExpressions.Regex.Escape(n));
        yield return (ResponseFields.Vary,
            explored.LanguageOf($@"(?i)(?:^|,)[ \t]*(?:\*|{string.Join('|', names)})[ \t]*(?:,|$)"),
            "`Vary` on who asks");
    }
}
