using CachePolicyOperator.Core.Routes.Automata;
using CachePolicyOperator.Core.Verification.Exploration;
using CachePolicyOperator.Core.Verification.State;
using CachePolicyOperator.Core.Verification.Values;

namespace CachePolicyOperator.Core.Verification.Properties;

/// <summary>
/// A rule that looks up a URL for its extension stores only what that extension stands for: a page that an origin
/// serves under <c>/page/x.css</c> is no style sheet (SP18).
/// </summary>
internal sealed class StoredType : IVclProperty
{
    private static readonly SharedPattern Extension = new(@"\A\.(?:css|js|png|jpe?g|gif|ico|svg|webp|woff2?)\z");

    // Several, for a condition may ask for a letter that one of them has; and long, so that no VCL lists one of them.
    private static readonly SharedPattern NobodyKnows = new(@"\A\.(?:zq7xzq7xzq7x|kvwkvwkvwkvw|uuuuuuuuuuuu)\z");

    private static readonly Input ContentType = Input.OfAnswerField("content-type");

    public string Code => "response/type";

    public IEnumerable<Finding> Check(ExploredStates explored)
    {
        var (solver, page) =
            (explored.Solver, new InputFacts(false, Language.Literal("text/html; charset=utf-8"), false));
        var pages = explored.Fetches.GroupBy(fetch => solver.Of(fetch, Input.Url).Value)
            .SelectMany(alike =>
                ByExtension(alike.Key, Extension.Language, solver.Budget) is { IsEmpty: false } byExtension
                ? alike.Select(fetch => solver.Within(fetch, new InputText(Input.Url), byExtension))
                    .OfType<SymbolicState>()
                : []);
        return explored.StoresOf([.. pages], (ContentType, page)).Select(store => new Finding(
            Code, explored.Question.WarningUnlessStrict(), store.State, store.Return!.Span,
            "a page is stored under a URL that is looked up for the extension of an asset",
            "`set beresp.uncacheable = true;` where `Content-Type` is not one that the extension stands for"));
    }

    // Targets that end in an extension, and would not be looked up with any that nobody knows.
    private static Language ByExtension(Language targets, Language extension, Budget budget)
    {
        var stems = targets.Before(extension, budget).Except(targets.Before(NobodyKnows.Language, budget), budget);
        return stems.Then(extension, budget).Intersect(targets, budget);
    }
}
