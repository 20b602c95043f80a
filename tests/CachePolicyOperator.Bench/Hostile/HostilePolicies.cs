using CachePolicyOperator.Bench.Routes;
using CachePolicyOperator.Core.Model;
using CachePolicyOperator.Core.Routes;
using CachePolicyOperator.Core.Verification;
using CachePolicyOperator.Core.Verification.Policies;

namespace CachePolicyOperator.Bench.Hostile;

/// <summary>Policies that are made to cost more than a check should.</summary>
internal static class HostilePolicies
{
    private static readonly RoutePattern[] MyPage = [new PathPrefix("/mypage")];

    public static IReadOnlyList<(string Name, Func<PolicySet> Policies)> All { get; } =
    [
        ("rules-that-overlap",
            () => Catalogue.AsPolicies("strict", Each(3_000, i => new PathRegex($"^/.*x{i}.*y$")), MyPage)),
        ("rules-that-end-alike",
            () => Catalogue.AsPolicies("strict", Each(10_000, i => new PathRegex($"-{i}$")), MyPage)),
        ("templates-that-overlap", () => Catalogue.AsPolicies(
            "strict",
                Each(1_000,
                i => new PathTemplate(
                $"/{string.Concat(Enumerable.Range(0, 10).Select(b => (i >> b & 1) == 0 ? "{x}/" : "a/"))}c{i}")),
                MyPage)),
        ("template-of-parameters", () => Catalogue.AsPolicies(
            "strict", [new PathTemplate(string.Concat(Enumerable.Repeat("/{a}-{b}", 1_800)))],
                [new PathTemplate(string.Concat(Enumerable.Repeat("/{a}-{b}", 1_800)))])),
        ("personal-everywhere",
            () => Catalogue.AsPolicies("strict", Each(2_000, i => new PathPrefix($"/page-{i}")),
            [new PathRegex("me")])),
        ("personal-that-overlap",
            () => Catalogue.AsPolicies("strict", Each(1_000, i => new PathPrefix($"/page-{i}")),
            Each(300, i => new PathRegex($"^/.*a.{{{i % 20}}}me{i}$")))),
        ("personal-in-any-case",
            () => Catalogue.AsPolicies("strict", Each(10_000, i => new PathPrefix($"/page-{i}")),
            Each(1_000, i => new PathRegex($"(?i)^/page-{i}/me$")))),
        ("personal-of-escapes", () => Catalogue.AsPolicies(
            "strict", [new PathPrefix("/")],
                [new PathPrefix("/" + string.Concat(Enumerable.Repeat("%e2%80%ae", 1_700)))])),
        ("everything-is-cached",
            () => Catalogue.AsPolicies("strict", Each(10_000, i => new PathPrefix("/")),
            Each(1_000, i => new PathPrefix($"/me-{i}")))),
    ];

    public static string Check(PolicySet policies) => Describe(ModelCheck.Run(policies));

    public static string Describe(Verdict verdict) =>
        string.Join(", ",
            verdict.Diagnostics.Items.GroupBy(d => d.Code).Select(g => $"{g.Key} ×{g.Count()}").Take(3)
            .Prepend(verdict.Kind.ToString()));

    private static RoutePattern[] Each(int count, Func<int, RoutePattern> pattern) =>
        [.. Enumerable.Range(0, count).Select(pattern)];
}
