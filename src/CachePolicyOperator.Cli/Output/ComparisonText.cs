using System.Text.Json.Nodes;
using CachePolicyOperator.Cli.Terminals;
using CachePolicyOperator.Core.Diagnostics;
using CachePolicyOperator.Core.Verification.Questions;

namespace CachePolicyOperator.Cli.Output;

/// <summary>Writes what a change makes cacheable.</summary>
internal static class ComparisonText
{
    public static void Write(VclComparison comparison, string name, TextWriter output, Paint paint)
    {
        foreach (var change in comparison.Changes.Items.Where(c => !c.Appeared.IsEmpty))
        {
            output.WriteLine(
                $"{paint.Error($"error[{NewlyCacheable.Code}]")}: "
                    + $"{paint.Strong($"{NewlyCacheable.NameOf(change.Class)} became cacheable")}");
            output.WriteLine($"  {paint.Faint("-->")} {SafeText.Of(name)}");
            WriteSet(change.Appeared, output, paint);
            output.WriteLine(
                $"  {paint.Faint("= help:")} have the change reviewed by whoever knows the pages, or narrow it");
            output.WriteLine();
        }

        foreach (var change in comparison.Changes.Items.Where(c => !c.Disappeared.IsEmpty))
        {
            output.WriteLine($"{paint.Good("no longer cacheable")}: {NewlyCacheable.NameOf(change.Class)}");
            WriteSet(change.Disappeared, output, paint);
            output.WriteLine();
        }

        if (comparison.Problems.Items.Any(p => p.Severity == Severity.Error))
        {
            output.WriteLine($"{paint.Error("unknown")}: the two cannot be compared");
        }
        else if (comparison.Changes.Count == 0)
        {
            output.WriteLine($"{paint.Good("the same")} requests are cacheable");
        }
    }

    /// <param name="leaks">The leaks of both, where it is said which pages are personal.</param>
    public static string Json(VclComparison comparison, LeakComparison? leaks)
    {
        var tree = Tree(comparison);
        if (leaks is not null)
        {
            tree["leaks"] = LeakText.Tree(leaks);
        }

        return tree.ToJsonString(VerdictJson.Options);
    }

    private static JsonObject Tree(VclComparison comparison) => new()
    {
        ["comparable"] = !comparison.Problems.Items.Any(p => p.Severity == Severity.Error),
        ["newlyCacheable"] = VerdictJson.List(comparison.Changes.Items.Where(c => !c.Appeared.IsEmpty)
            .Select(c => Tree(c.Class, c.Appeared))),
        ["noLongerCacheable"] = VerdictJson.List(comparison.Changes.Items.Where(c => !c.Disappeared.IsEmpty)
            .Select(c => Tree(c.Class, c.Disappeared))),
    };

    private static void WriteSet(TargetSet targets, TextWriter output, Paint paint)
    {
        if (targets.Pattern is not null)
        {
            output.WriteLine($"  {paint.Faint("= targets:")} {SafeText.Of(targets.Pattern)}");
        }

        foreach (var example in targets.Examples.Items)
        {
            output.WriteLine($"  {paint.Faint("= for example:")} {SafeText.Of($"GET {example}")}");
        }

        if (targets.Doubt is not null)
        {
            output.WriteLine($"  {paint.Faint("= note:")} some of it may not be new: {SafeText.Of(targets.Doubt)}");
        }
    }

    private static JsonObject Tree(RequestClass requests, TargetSet targets) => new()
    {
        ["code"] = NewlyCacheable.Code,
        ["requests"] = requests.ToString(),
        ["pattern"] = targets.Pattern,
        ["examples"] = VerdictJson.Texts(targets.Examples.Items),
        ["doubt"] = targets.Doubt,
    };
}
