namespace CachePolicyOperator.Core.Vcl.Render;

/// <summary>
/// Rewrites the URL of a request that a caching rule matches: of the query only the listed parameters stay, in the
/// order of the rule. What is left is hashed whole and is what the origin gets, so that key and fetch cannot read it
/// differently.
/// </summary>
internal static class QuerySection
{
    private const string Query = $"req.http.{InternalHeaders.Query}";
    private const string Kept = $"req.http.{InternalHeaders.Kept}";

    public static void Write(VclWriter vcl, RenderPlan plan)
    {
        foreach (var parameters in plan.Keys.Queries)
        {
            vcl.Blank();
            vcl.Comment($"Keeps of the query: {string.Join(", ", parameters.Items)}");
            vcl.Block($"sub {Name(plan, parameters)}", () => WriteList(vcl, parameters));
        }
    }

    /// <summary>The rewriting itself, in <c>vcl_recv</c>.</summary>
    public static void WriteCalls(VclWriter vcl, RenderPlan plan)
    {
        vcl.Line($"set req.url = req.http.{InternalHeaders.Path};");
        var word = "if";
        foreach (var parameters in plan.Keys.Queries)
        {
            vcl.Block(
                $"{word} ({plan.Keys.Is("req", key => key.Query == parameters)})",
                () => vcl.Line($"call {Name(plan, parameters)};"));
            word = "elseif";
        }
    }

    private static string Name(RenderPlan plan, EquatableList<string> parameters) =>
        $"cp_query_{plan.Keys.Queries.ToList().IndexOf(parameters) + 1}";

    private static void WriteList(VclWriter vcl, EquatableList<string> parameters)
    {
        vcl.Line($"set {Query} = regsub(req.http.{InternalHeaders.Target}, \"^[^?]*\\??\", \"\");");
        vcl.Guard("cloaked-parameter", () =>
        {
            vcl.Comment("An encoded name may be one of those that are kept, a parameter that comes twice means what the origin likes.");
            WritePass(vcl, "(?:^|&)[^=&]*%");
            foreach (var name in parameters.Items.Select(RegexText.Escape))
            {
                WritePass(vcl, $"(?:^|&){name}(?:=[^&]*)?&(?:.*&)?{name}(?:[=&]|$)");
            }
        });
        vcl.Line($"set {Kept} = \"\";");
        foreach (var name in parameters.Items.Select(RegexText.Escape))
        {
            vcl.Block($"if ({Query} ~ {VclLiteral.String($"(?:^|&){name}(?:[=&]|$)")})", () => vcl.Line(
                $"set {Kept} = {Kept} + regsub({Query}, {VclLiteral.String($"^(?:.*&)?({name}(?:=[^&]*)?)(?:&.*)?$")}, \"&\\1\");"));
        }

        vcl.Line($"set req.url = req.http.{InternalHeaders.Path} + regsub({Kept}, \"^&\", \"?\");");
    }

    private static void WritePass(VclWriter vcl, string regex) =>
        vcl.Block($"if ({Query} ~ {VclLiteral.String(regex)})", () => ReceiveSection.WritePass(vcl, PassReason.Query));
}
