using CachePolicyOperator.Core.Model;
using CachePolicyOperator.Core.Routes.Origins;

namespace CachePolicyOperator.Core.Vcl.Render;

/// <summary>
/// Rewrites the URL of a request that a caching rule matches: of the query only what the rule keeps stays, listed
/// parameters in the order of the rule, all others sorted. What is left is hashed whole and is what the origin gets, so
/// that key and fetch cannot read it differently.
/// </summary>
internal static class QuerySection
{
    private const string Target = $"req.http.{InternalHeaders.Target}";
    private const string Query = $"req.http.{InternalHeaders.Query}";
    private const string Kept = $"req.http.{InternalHeaders.Kept}";

    public static void Write(VclWriter vcl, RenderPlan plan)
    {
        foreach (var query in plan.Keys.Queries)
        {
            vcl.Blank();
            vcl.Comment(Comment(query));
            vcl.Block($"sub {Name(plan, query)}", () =>
            {
                if (query.Scope == QueryScope.Only)
                {
                    WriteOnly(vcl, query.Names);
                }
                else
                {
                    WriteExcept(vcl, plan, query.Names);
                }
            });
        }
    }

    /// <summary>The rewriting itself, in <c>vcl_recv</c>.</summary>
    public static void WriteCalls(VclWriter vcl, RenderPlan plan)
    {
        vcl.Line($"set req.url = req.http.{InternalHeaders.Path};");
        var word = "if";
        foreach (var query in plan.Keys.Queries)
        {
            vcl.Block(
                $"{word} ({plan.Keys.Is("req", key => key.Query == query)})",
                () => vcl.Line($"call {Name(plan, query)};"));
            word = "elseif";
        }
    }

    /// <summary>The variables that the rewriting takes.</summary>
    public static IEnumerable<string> VariablesOf(KeyRules keys)
    {
        if (keys.Queries.Any(query => query.Names.Count > 0))
        {
            yield return InternalHeaders.Kept;
        }

        if (keys.Queries.Any(query => query.Scope == QueryScope.Only))
        {
            yield return InternalHeaders.Query;
        }
    }

    private static string Name(RenderPlan plan, QueryKey query) =>
        $"cp_query_{plan.Keys.Queries.ToList().IndexOf(query) + 1}";

    private static string Comment(QueryKey query) => query.Scope == QueryScope.Only
        ? $"Keeps of the query: {string.Join(", ", query.Names.Items)}"
        : query == QueryKey.Whole ? "Keeps the query, sorted."
        : $"Keeps the query, sorted, without: {string.Join(", ", query.Names.Items)}";

    private static void WriteOnly(VclWriter vcl, EquatableList<string> parameters)
    {
        vcl.Line($"set {Query} = regsub({Target}, \"^[^?]*\\??\", \"\");");
        vcl.Guard("cloaked-parameter", () =>
        {
            vcl.Comment(
                "An encoded name may be one of those that are kept, a parameter that comes twice means what the origin "
                    + "likes.");
            WritePassIf(vcl, Query, "(?:^|&)[^=&]*%");
            foreach (var name in parameters.Items.Select(RegexText.Escape))
            {
                WritePassIf(vcl, Query, $"(?:^|&){name}(?:=[^&]*)?&(?:.*&)?{name}(?:[=&]|$)");
            }
        });
        vcl.Line($"set {Kept} = \"\";");
        foreach (var name in parameters.Items.Select(RegexText.Escape))
        {
            vcl.Block($"if ({Query} ~ {VclLiteral.String($"(?:^|&){name}(?:[=&]|$)")})", () => vcl.Line(
                $"set {Kept} = {Kept} + regsub({Query}, {VclLiteral.String($"^(?:.*&)?({name}(?:=[^&]*)?)(?:&.*)?$")}, "
                    + "\"&\\1\");"));
        }

        vcl.Line($"set req.url = req.http.{InternalHeaders.Path} + regsub({Kept}, \"^&\", \"?\");");
    }

    private static void WriteExcept(VclWriter vcl, RenderPlan plan, EquatableList<string> parameters)
    {
        var pages = OriginView.Of(plan.Policies.Policy.Profiles).PathParameters;
        if (pages.Count > 0)
        {
            vcl.Guard("page-in-query", () =>
            {
                vcl.Comment("By these the origin finds any page, a personal one too, whatever the path says.");
                WritePassIf(vcl, Target, QueryName.AnyOf(pages), PassReason.PageInQuery);
            });
        }

        // What a query is after sorting no proof can tell, so it stays in order where its names matter.
        var query = pages.Count > 0 ? Target : $"std.querysort({Target})";
        if (parameters.Count == 0)
        {
            vcl.Line($"set req.url = {query};");
            return;
        }

        // Every parameter stands between two ampersands; what is taken away leaves one.
        var names = string.Join('|', parameters.Items.Select(name => name.EndsWith('*')
            ? $"{RegexText.Escape(name[..^1])}[^=&]*"
            : RegexText.Escape(name)));
        vcl.Line($"set {Kept} = \"&\" + regsub({query}, \"^[^?]*\\??\", \"\") + \"&\";");
        vcl.Line($"set {Kept} = regsuball({Kept}, {VclLiteral.String($"&(?:(?:{names})(?:=[^&]*)?&)+")}, \"&\");");
        vcl.Line(
            $"set req.url = req.http.{InternalHeaders.Path} + regsub(regsub({Kept}, \"&+$\", \"\"), \"^&\", \"?\");");
    }

    private static void WritePassIf(VclWriter vcl, string variable, string regex, PassReason? reason = null) =>
        vcl.Block(
        $"if ({variable} ~ {VclLiteral.String(regex)})",
        () => ReceiveSection.WritePass(vcl, reason ?? PassReason.Query));
}
