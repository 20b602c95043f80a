using CachePolicyOperator.Core.Model;

namespace CachePolicyOperator.Core.Vcl.Render;

/// <summary>Which rule is the first to match a path; the same question on the way in and of what was fetched.</summary>
internal static class RulesSection
{
    public static void Write(VclWriter vcl, RenderPlan plan)
    {
        vcl.Blank();
        vcl.Comment("Rules in order: the first that matches the path decides. What no rule names is passed.");
        foreach (var line in plan.Groups.Items.SelectMany(Sources))
        {
            vcl.Comment(line);
        }

        vcl.Block("sub cp_rule", () => WriteTests(vcl, "req", plan));
        vcl.Sub("cp_rule_fetch", () => WriteTests(vcl, "bereq", plan));
    }

    public static string Describe(Caching? caching) => caching switch
    {
        null => "pass",
        { Ttl: { } ttl } => $"ttl {ttl}, grace {caching.Grace}",
        _ => $"ttl from the origin, at most {LifetimeSection.MaxTtl(caching)}, grace {caching.Grace}",
    };

    private static void WriteTests(VclWriter vcl, string message, RenderPlan plan)
    {
        vcl.Line($"unset {message}.http.{InternalHeaders.Rule};");
        foreach (var group in plan.Groups)
        {
            foreach (var (paths, extension) in group.Alternatives)
            {
                foreach (var path in paths)
                {
                    WriteTest(vcl, message, group.Id, path, extension);
                }
            }
        }
    }

    private static void WriteTest(VclWriter vcl, string message, string id, string path, string? extension)
    {
        var variable = $"{message}.http.{InternalHeaders.Path}";
        var test = $"!{message}.http.{InternalHeaders.Rule} && {variable} ~ {VclLiteral.String(path)}";
        if (extension is not null)
        {
            test += $" && {variable} ~ {VclLiteral.String(extension)}";
        }

        vcl.Block($"if ({test})", () => vcl.Line($"set {message}.http.{InternalHeaders.Rule} = \"{id}\";"));
    }

    private static IEnumerable<string> Sources(RuleGroup group) =>
        SourceMap.Lines(group.Rules.Items.Select(rule => $"{rule.Path} {rule.Name}: {group.Id} ({Describe(group.Caching)})"));
}
