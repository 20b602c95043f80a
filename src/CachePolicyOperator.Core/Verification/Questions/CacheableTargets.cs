using CachePolicyOperator.Core.Routes.Automata;
using CachePolicyOperator.Core.Verification.Execution;
using CachePolicyOperator.Core.Verification.Exploration;
using CachePolicyOperator.Core.Verification.Program;
using CachePolicyOperator.Core.Verification.State;
using CachePolicyOperator.Core.Verification.Values;

namespace CachePolicyOperator.Core.Verification.Questions;

/// <summary>The targets that some request of a class gets into the shared cache with.</summary>
/// <param name="May">All of them, or more.</param>
/// <param name="Surely">None but them.</param>
internal sealed record CacheableTargets(Language May, Language Surely, OverApproximation? Doubt)
{
    public static CacheableTargets Of(ProgramFacts program, RequestClass requests, Budget budget)
    {
        var solver = new Solver(new InputSpace(budget));
        var explorer = new RequestExplorer(program, new Executor(program, solver));
        var stores = explorer.Stores(explorer.Fetches(explorer.Lookups(Start(solver, requests))));
        var (may, surely) = (new HashSet<Language>(), new HashSet<Language>());
        OverApproximation? doubt = null;
        foreach (var state in stores.Select(s => s.State))
        {
            var facts = solver.Of(state, Input.Url);
            var (least, most) = Bounds(facts, budget);
            may.Add(most);
            if (state.Approximation is null)
            {
                surely.Add(least);
            }

            doubt ??= state.Approximation
                ?? (least.Equals(most) ? null
                : new OverApproximation(default, "a rewrite of the URL is too large to be told exactly"));
        }

        // Of its own: the ways to the cache are known by now, and many of them lead there with the same few languages.
        var union = Budget.ForProof();
        return new CacheableTargets(Union(may, union), Union(surely, union), doubt);
    }

    /// <summary>Two by two: what is alike falls together on the way.</summary>
    private static Language Union(IReadOnlyCollection<Language> languages, Budget budget)
    {
        var left = languages.ToList();
        while (left.Count > 1)
        {
            left = [.. left.OrderBy(l => l.StateCount).Chunk(2).Select(pair => Language.Union(pair, budget))
                .Distinct()];
        }

        return left is [var all] ? all : Language.Empty;
    }

    private static SymbolicState Start(Solver solver, RequestClass requests)
    {
        var authorization = solver.Of(Input.Authorization);
        var known = VariableMap<Input, InputFacts>.Empty
            .SetItem(Input.Method, solver.Of(Input.Method).Within(Language.Literal("GET"), solver.Budget))
            .SetItem(Input.Authorization, requests == RequestClass.WithAuthorization ? authorization.Present()
                : authorization.Absent());
        foreach (var input in new[] { Input.Cookie, Input.Cookie.AllLines })
        {
            var facts = solver.Of(input);
            known = known.SetItem(input, requests == RequestClass.WithCookie ? facts.Present() : facts.Absent());
        }

        return new SymbolicState { PathCondition = known };
    }

    private static (Language Least, Language Most) Bounds(InputFacts facts, Budget budget)
    {
        if (facts.Constraints.Count == 0)
        {
            return (facts.Value, facts.Value);
        }

        try
        {
            var share = budget.Share(work: 3_000_000, cells: 1_000_000);
            var exact = facts.Constraints.Items.Aggregate(facts.Value, (l, c) =>
                l.Intersect(Language.FromNfa(c.Automaton(share), share), share));
            return (exact, exact);
        }
        catch (BudgetExceededException)
        {
            return (Language.Empty, facts.Value);
        }
    }
}
