using System.Text.Json.Nodes;
using CachePolicyOperator.Cli.Terminals;
using CachePolicyOperator.Core;
using CachePolicyOperator.Core.Verification;
using CachePolicyOperator.Core.Verification.Questions;

namespace CachePolicyOperator.Cli.Output;

/// <summary>Writes which leaks a change takes away, and which it brings.</summary>
internal static class LeakText
{
    public static void Write(LeakComparison leaks, TextWriter output, Paint paint)
    {
        output.WriteLine();
        WriteAll(leaks.Came, paint.Error("leak came"), output, paint);
        WriteAll(leaks.Stayed, paint.Strong("leak stayed"), output, paint);
        WriteAll(leaks.Went, paint.Good("leak went"), output, paint);
        output.WriteLine(
            $"{Count(leaks.Went.Count)} went, {Count(leaks.Came.Count)} came, {Count(leaks.Stayed.Count)} stayed; "
            + $"before: {Name(leaks.Before)}, after: {Name(leaks.After)}");
    }

    public static JsonObject Tree(LeakComparison leaks) => new()
    {
        ["before"] = leaks.Before.ToString(),
        ["after"] = leaks.After.ToString(),
        ["went"] = List(leaks.Went),
        ["came"] = List(leaks.Came),
        ["stayed"] = List(leaks.Stayed),
    };

    private static void WriteAll(EquatableList<RouteLeak> leaks, string kind, TextWriter output, Paint paint)
    {
        foreach (var (route, leak) in leaks.Items)
        {
            output.WriteLine($"{kind}[{leak.Code}]: {SafeText.Of(leak.Message)}");
            output.WriteLine($"  {paint.Faint("-->")} {SafeText.Of(leak.Path)}");
            if (route is not null)
            {
                output.WriteLine($"  {paint.Faint("= route:")} {SafeText.Of(route)}");
            }

            var request = $"{leak.Witness!.Method} {leak.Witness.Target}";
            output.WriteLine($"  {paint.Faint("= request:")} {SafeText.Of(request)}");
            foreach (var header in leak.Witness.Headers)
            {
                output.WriteLine($"  {paint.Faint("=")}          {SafeText.Of($"{header.Name}: {header.Value}")}");
            }

            output.WriteLine();
        }
    }

    private static string Count(int leaks) => leaks == 1 ? "1 leak" : $"{leaks} leaks";

    private static string Name(VerdictKind verdict) => verdict.ToString().ToLowerInvariant();

    private static JsonArray List(EquatableList<RouteLeak> leaks) => VerdictJson.List(leaks.Items.Select(l =>
    {
        var tree = VerdictJson.Tree(l.Leak);
        tree["route"] = l.Route;
        return tree;
    }));
}
