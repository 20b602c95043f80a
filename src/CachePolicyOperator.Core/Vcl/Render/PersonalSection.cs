namespace CachePolicyOperator.Core.Vcl.Render;

/// <summary>Which targets are personal, asked on the way in, on delivery of a hit, and of what was fetched.</summary>
internal static class PersonalSection
{
    public static void Write(VclWriter vcl, RenderPlan plan)
    {
        vcl.Blank();
        vcl.Comment(
            "Personal routes, as every process asks for them: of the path as received, which no rewrite touches.");
        foreach (var source in Sources(plan))
        {
            vcl.Comment(source);
        }

        vcl.Block("sub cp_personal", () => WriteTest(vcl, "req", plan.PersonalPaths));
        vcl.Sub("cp_personal_fetch", () => WriteTest(vcl, "bereq", plan.PersonalPaths));
    }

    private static void WriteTest(VclWriter vcl, string message, IReadOnlyList<string> paths)
    {
        foreach (var path in paths)
        {
            vcl.Block(
                $"if ({message}.http.{InternalHeaders.Path} ~ {VclLiteral.String(path)})",
                () => vcl.Line($"set {message}.http.{InternalHeaders.Personal} = \"1\";"));
        }
    }

    private static IEnumerable<string> Sources(RenderPlan plan) => SourceMap.Lines(
        plan.Policies.Policy.Personal.Routes.Items.Select(r => $"{r.Path}: {r.Pattern}")
            .Concat(plan.Policies.Binding.Items.SelectMany(
                b => b.Personal.Routes.Items.Select(r => $"PersonalRoutes {b.Name} {r.Path}: {r.Pattern}"))));
}
