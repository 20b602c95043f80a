using CachePolicyOperator.Core.Model;

namespace CachePolicyOperator.Core.Vcl.Render;

/// <summary>
/// Which origin is asked: the one of the first rule that matches, for what is cached and what is passed alike. It is in the
/// key, so that nothing of one origin is served for another, also not where a rule was led elsewhere since.
/// </summary>
internal static class OriginSection
{
    private const string Name = InternalHeaders.Backend;

    /// <summary>The origins that some rule names, in the order of the policy.</summary>
    public static IReadOnlyList<NamedOrigin> NamedIn(Policy policy)
    {
        var names = policy.Rules.Items.Select(r => r.Origin).OfType<string>().ToHashSet(StringComparer.Ordinal);
        return [.. policy.Origins.Items.Where(o => names.Contains(o.Name))];
    }

    /// <summary>The backend of an origin.</summary>
    public static string BackendOf(string origin) => $"{BackendSection.Default}_{origin.Replace('-', '_')}";

    /// <summary>Leads a request to the origin of its rule.</summary>
    public static void WriteChoice(VclWriter vcl, string? origin)
    {
        if (origin is not null)
        {
            vcl.Line($"set req.backend_hint = {BackendOf(origin)};");
            vcl.Line($"set req.http.{Name} = \"{origin}\";");
        }
    }

    /// <summary>In <c>vcl_hash</c>.</summary>
    public static void WriteKey(VclWriter vcl, RenderPlan plan)
    {
        if (plan.Origins.Count > 0)
        {
            vcl.Guard("origin", () => vcl.Block($"if (req.http.{Name})", () =>
            {
                vcl.Line("hash_data(\"origin\");");
                vcl.Line($"hash_data(req.http.{Name});");
            }));
        }
    }

    /// <summary>
    /// Asks an origin for its own host, in <c>vcl_backend_fetch</c>; it is told the client's, which is in the key.
    /// </summary>
    public static void WriteHost(VclWriter vcl, IReadOnlyList<NamedOrigin> origins)
    {
        foreach (var (origin, host) in Hosts(origins))
        {
            vcl.Block($"if (bereq.http.{Name} == \"{origin}\")", () =>
            {
                vcl.Line("set bereq.http.X-Forwarded-Host = bereq.http.Host;");
                vcl.Line($"set bereq.http.Host = {VclLiteral.String(host)};");
            });
        }
    }

    /// <summary>
    /// The host that the client asked for, before an answer is judged that may be stored: rules ask for it, and so does
    /// an invalidation. Of such a fetch nothing but <see cref="WriteHost"/> leaves the field.
    /// </summary>
    public static void WriteHostBack(VclWriter vcl, RenderPlan plan)
    {
        if (Hosts(plan.Origins).Any())
        {
            vcl.Guard("asked-host", () => vcl.Block(
                "if (bereq.http.X-Forwarded-Host)", () => vcl.Line("set bereq.http.Host = bereq.http.X-Forwarded-Host;")));
        }
    }

    private static IEnumerable<(string Origin, string Host)> Hosts(IEnumerable<NamedOrigin> origins) =>
        from origin in origins
        where origin.Host is not null
        select (origin.Name, origin.Host!.Value.Value);
}
