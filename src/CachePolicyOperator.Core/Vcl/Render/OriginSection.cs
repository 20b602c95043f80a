using CachePolicyOperator.Core.Model;

namespace CachePolicyOperator.Core.Vcl.Render;

/// <summary>
/// Which origin is asked: the one of the first rule that matches, for what is cached and what is passed alike. It is in
/// the key, so that nothing of one origin is served for another, also not where a rule was led elsewhere since.
/// </summary>
internal static class OriginSection
{
    private const string Name = InternalHeaders.Backend;

    /// <summary>The origins that some rule asks, and those that stand in for one, in the order of the policy.</summary>
    public static IReadOnlyList<NamedOrigin> NamedIn(Policy policy)
    {
        var names = policy.Rules.Items.Select(r => r.Origin).OfType<string>().ToHashSet(StringComparer.Ordinal);
        var standbys = policy.Origins.Items.Where(o => names.Contains(o.Name)).Select(o => o.Origin)
            .Prepend(policy.Origin).Select(o => o.Standby).ToArray();
        return [.. policy.Origins.Items.Where(o => names.Contains(o.Name) || standbys.Contains(o.Name))];
    }

    /// <summary>Whether some rule asks another origin than the default one.</summary>
    public static bool IsByRule(Policy policy) => policy.Rules.Items.Any(r => r.Origin is not null);

    /// <summary>The backend of an origin; null: of the default one.</summary>
    public static string BackendOf(string? origin) =>
        origin is null ? BackendSection.Default : $"{BackendSection.Default}_{origin.Replace('-', '_')}";

    /// <summary>Leads a request to the origin of its rule.</summary>
    public static void WriteChoice(VclWriter vcl, Policy policy, string? origin)
    {
        if (origin is not null)
        {
            var named = policy.Origins.Items.Single(o => o.Name == origin);
            vcl.Line($"set req.backend_hint = {Asked(origin, named.Origin)};");
            vcl.Line($"set req.http.{Name} = \"{origin}\";");
        }
    }

    /// <summary>Leads a request to the default origin, where that is not the first backend.</summary>
    public static void WriteDefault(VclWriter vcl, Policy policy)
    {
        if (policy.Origin.Standby is not null)
        {
            vcl.Line($"set req.backend_hint = {Asked(null, policy.Origin)};");
        }
    }

    /// <summary>Whether some origin has another that stands in for it.</summary>
    public static bool HasStandby(Policy policy) => WithStandby(policy).Any();

    /// <summary>Who stands in for whom, in <c>vcl_init</c>. Needs <c>import directors;</c>.</summary>
    public static void WriteStandbys(VclWriter vcl, Policy policy)
    {
        if (HasStandby(policy))
        {
            vcl.Sub("vcl_init", () =>
            {
                foreach (var (origin, standby) in WithStandby(policy))
                {
                    vcl.Line($"new {DirectorOf(origin)} = directors.fallback();");
                    vcl.Line($"{DirectorOf(origin)}.add_backend({BackendOf(origin)});");
                    vcl.Line($"{DirectorOf(origin)}.add_backend({BackendOf(standby)});");
                }
            });
        }
    }

    /// <summary>In <c>vcl_hash</c>.</summary>
    public static void WriteKey(VclWriter vcl, RenderPlan plan)
    {
        if (IsByRule(plan.Policies.Policy))
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
    public static void WriteHost(VclWriter vcl, Policy policy)
    {
        foreach (var (origin, host) in Hosts(policy))
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
        if (Hosts(plan.Policies.Policy).Any())
        {
            vcl.Guard("asked-host", () => vcl.Block(
                "if (bereq.http.X-Forwarded-Host)",
                () => vcl.Line("set bereq.http.Host = bereq.http.X-Forwarded-Host;")));
        }
    }

    private static string Asked(string? name, Origin origin) =>
        origin.Standby is null ? BackendOf(name) : $"{DirectorOf(name)}.backend()";

    // No backend begins so, whatever an origin is called.
    private static string DirectorOf(string? origin) => $"healthy_{BackendOf(origin)}";

    private static IEnumerable<(string? Origin, string Standby)> WithStandby(Policy policy)
    {
        var asked = policy.Rules.Items.Select(r => r.Origin).ToHashSet();
        return policy.Origins.Items.Where(o => asked.Contains(o.Name)).Select(o => ((string?)o.Name, o.Origin.Standby))
            .Prepend((null, policy.Origin.Standby))
            .Where(o => o.Standby is not null).Select(o => (o.Item1, o.Standby!));
    }

    /// <summary>The hosts of their own that origins are asked for by rules.</summary>
    // One that stands in for another is asked for the host of that one.
    public static IEnumerable<(string Origin, string Host)> Hosts(Policy policy) =>
        from origin in policy.Origins.Items
        where origin.Host is not null && policy.Rules.Items.Any(r => r.Origin == origin.Name)
        select (origin.Name, origin.Host!.Value.Value);
}
