using CachePolicyOperator.Core.Diagnostics;

namespace CachePolicyOperator.Core.Verification.Questions;

/// <summary>
/// What a change makes cacheable, as findings: what is proven may still be more than its author meant.
/// </summary>
public static class NewlyCacheable
{
    public const string Code = "change/newly-cacheable";

    /// <summary>One warning for each class of requests; none where nothing became cacheable.</summary>
    public static IEnumerable<Diagnostic> Warnings(VclComparison comparison)
    {
        ArgumentNullException.ThrowIfNull(comparison);
        if (comparison.Problems.Items.FirstOrDefault(p => p.Severity == Severity.Error) is { } problem)
        {
            yield return Diagnostic.Warning(Code, "spec",
                $"what this makes cacheable that was not could not be told: {problem.Message}",
                "have the change reviewed by whoever knows the pages");
        }

        foreach (var change in comparison.Changes.Items.Where(c => !c.New.IsEmpty))
        {
            var examples = string.Join(", ", change.New.Examples.Items.Select(e => $"GET {e}"));
            yield return Diagnostic.Warning(Code, "spec",
                $"{NameOf(change.Class)} become cacheable that were not, for example {examples}",
                "have the change reviewed by whoever knows the pages, or narrow it");
        }
    }

    /// <summary>A class of requests, in the plural.</summary>
    public static string NameOf(RequestClass requests) => requests switch
    {
        RequestClass.WithCookie => "requests with a Cookie",
        RequestClass.WithAuthorization => "requests with Authorization",
        _ => "anonymous requests",
    };
}
