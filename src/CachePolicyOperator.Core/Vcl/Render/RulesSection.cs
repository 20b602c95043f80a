using CachePolicyOperator.Core.Model;

namespace CachePolicyOperator.Core.Vcl.Render;

/// <summary>Which rule is the first to match a path; the same question on the way in and of what was fetched.</summary>
internal static class RulesSection
{
    /// <summary>The statement of <c>vcl_recv</c> that asks for the rule of a request.</summary>
    public const string Call = $"call {Sub};";

    private const string Sub = "cp_rule";

    public static void Write(VclWriter vcl, RenderPlan plan)
    {
        vcl.Blank();
        vcl.Comment("Rules in order: the first that matches the path decides. What no rule names is passed.");
        foreach (var line in plan.Groups.Items.SelectMany(Sources))
        {
            vcl.Comment(line);
        }

        WriteFor(vcl, "req", Sub, plan);
        WriteFor(vcl, "bereq", $"{Sub}_fetch", plan);
    }

    public static string Describe(Caching? caching) => caching switch
    {
        null => "pass",
        { Ttl: { } ttl } => $"ttl {ttl}, grace {caching.Grace}",
        _ => $"ttl from the origin, at most {LifetimeSection.MaxTtl(caching)}, grace {caching.Grace}",
    };

    // One long function takes the C compiler of varnishd time by the square of its length.
    private static void WriteFor(VclWriter vcl, string message, string name, RenderPlan plan)
    {
        var pieces = Tests(plan).Chunk(VclWriter.PieceLength).ToArray();
        for (var i = 0; i < pieces.Length; i++)
        {
            vcl.Sub($"{name}_{i + 1}", () => Array.ForEach(pieces[i], test => WriteTest(vcl, message, test)));
        }

        vcl.Sub(name, () =>
        {
            vcl.Line($"unset {message}.http.{InternalHeaders.Rule};");
            for (var i = 0; i < pieces.Length; i++)
            {
                vcl.Line($"call {name}_{i + 1};");
            }
        });
    }

    private static IEnumerable<Test> Tests(RenderPlan plan) =>
        from @group in plan.Groups.Items
        from alternative in @group.Alternatives
        from path in alternative.Paths
        select new Test(@group.Id, path, alternative.Extension);

    private static void WriteTest(VclWriter vcl, string message, Test test)
    {
        var variable = $"{message}.http.{InternalHeaders.Path}";
        var condition = $"!{message}.http.{InternalHeaders.Rule} && {variable} ~ {VclLiteral.String(test.Path)}";
        if (test.Extension is not null)
        {
            condition += $" && {variable} ~ {VclLiteral.String(test.Extension)}";
        }

        vcl.Block($"if ({condition})", () => vcl.Line($"set {message}.http.{InternalHeaders.Rule} = \"{test.Id}\";"));
    }

    private static IEnumerable<string> Sources(RuleGroup group) =>
        SourceMap.Lines(
            group.Rules.Items.Select(rule => $"{rule.Path} {rule.Name}: {group.Id} ({Describe(group.Caching)})"));

    private sealed record Test(string Id, string Path, string? Extension);
}
