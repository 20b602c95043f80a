using CachePolicyOperator.Core.Model;

namespace CachePolicyOperator.Core.Vcl.Render;

/// <summary>
/// Asks an origin for another path than the client asked for, who is in the key. What is personal is so by the path
/// that the client asks for and by the one that the origin is asked for.
/// </summary>
internal static class RewriteSection
{
    // The client's target: of a fetch that may be stored nothing else leaves the field.
    private const string Asked = "X-Forwarded-Uri";
    private const string Path = $"req.http.{InternalHeaders.Path}";

    /// <summary>In <c>vcl_recv</c>: passes what is personal by the path that its origin is asked for.</summary>
    public static void WritePersonal(VclWriter vcl, Policy policy, Action passIfPersonal)
    {
        foreach (var (origin, rewrite) in Rewrites(policy))
        {
            vcl.Guard("rewritten", () => vcl.Block($"if (req.http.{InternalHeaders.Backend} == \"{origin}\")", () =>
            {
                vcl.Line($"set {Path} = {OfPath(rewrite, Path)};");
                passIfPersonal();
                vcl.Line($"set {Path} = regsub(req.http.{InternalHeaders.Target}, \"\\?.*$\", \"\");");
            }));
        }
    }

    /// <summary>In <c>vcl_backend_fetch</c> or <c>vcl_pipe</c>.</summary>
    public static void Write(VclWriter vcl, Policy policy)
    {
        foreach (var (origin, rewrite) in Rewrites(policy))
        {
            vcl.Block($"if (bereq.http.{InternalHeaders.Backend} == \"{origin}\")", () =>
            {
                vcl.Line($"set bereq.http.{Asked} = bereq.url;");
                vcl.Line($"set bereq.url = {OfTarget(rewrite, "bereq.url")};");
            });
        }
    }

    /// <summary>
    /// The target that the client asked for, before an answer is judged that may be stored: rules ask for it, and so
    /// does an invalidation.
    /// </summary>
    public static void WriteBack(VclWriter vcl, RenderPlan plan)
    {
        if (plan.Keys.Headers.Contains(Asked.ToLowerInvariant()) && IsRewriting(plan.Policies.Policy))
        {
            throw new ArgumentException(
                $"`{Asked}` is in a key, and tells an origin with a `rewrite` of the client's target");
        }

        if (IsRewriting(plan.Policies.Policy))
        {
            vcl.Guard("asked-target", () => vcl.Block($"if (bereq.http.{Asked})", () =>
            {
                vcl.Comment("Also what was sent is asked for what is personal.");
                vcl.Line("call cp_personal_fetch;");
                vcl.Line($"set bereq.url = bereq.http.{Asked};");
                vcl.Line($"set bereq.http.{InternalHeaders.Path} = regsub(bereq.url, \"\\?.*$\", \"\");");
            }));
        }
    }

    /// <summary>Leads a redirect to a path of the origin to the client's, in <c>vcl_deliver</c>.</summary>
    public static void WriteLocation(VclWriter vcl, Policy policy)
    {
        foreach (var (origin, rewrite) in Rewrites(policy))
        {
            var (from, to) = (rewrite.With.TrimEnd('/'), rewrite.Prefix.TrimEnd('/'));
            var isAsked = to.Length == 0 ? ""
                : $" && {LocationSection.Field} !~ {Regex($"^{RegexText.Escape(to)}(?:[/?#]|$)")}";
            vcl.Block(
                $"if (req.http.{InternalHeaders.Backend} == \"{origin}\" && {LocationSection.Field} ~ "
                    + $"{Regex($"^{RegexText.Escape(from)}(?:/(?:[^/]|$)|[?#]|$)")}{isAsked})",
                () => vcl.Line(
                    $"set {LocationSection.Field} = {Replaced(LocationSection.Field, from, to, "[/?#]", "[?#]")};"));
        }
    }

    /// <summary>Whether some origin that a rule asks is asked for another path.</summary>
    public static bool IsRewriting(Policy policy) => Rewrites(policy).Any();

    private static IEnumerable<(string Origin, PathRewrite Rewrite)> Rewrites(Policy policy) =>
        from origin in policy.Origins.Items
        where origin.Rewrite is not null && policy.Rules.Items.Any(r => r.Origin == origin.Name)
        select (origin.Name, origin.Rewrite);

    private static string OfPath(PathRewrite rewrite, string path) => Of(rewrite, path, "/", null);

    private static string OfTarget(PathRewrite rewrite, string target) => Of(rewrite, target, "[/?]", "\\?");

    private static string Of(PathRewrite rewrite, string text, string behind, string? query) => Replaced(
        text, CanonicalPath.Spell(rewrite.Prefix.TrimEnd('/')), CanonicalPath.Spell(rewrite.With.TrimEnd('/')), behind,
            query);

    // Of whole segments, and what comes of it begins with a slash.
    private static string Replaced(string text, string from, string to, string behind, string? query)
    {
        var (regex, replacement) =
            from.Length == 0 ? ("^/", $"{to}/")
            : to.Length > 0 ? ($"^{RegexText.Escape(from)}({behind}|$)", $"{to}\\1")
            : query is null ? ($"^{RegexText.Escape(from)}(?:/|$)", "/")
            : ($"^{RegexText.Escape(from)}(?:/|({query})|$)", "/\\1");
        return $"regsub({text}, {Regex(regex)}, {VclLiteral.String(replacement)})";
    }

    private static string Regex(string regex) => VclLiteral.String(regex);
}
