using CachePolicyOperator.Core.Model;

namespace CachePolicyOperator.Core.Vcl.Render;

/// <summary>
/// Redirects that name an origin as only the cache knows it lead clients back to the cache: those to its own port, to
/// the host that it is asked for, and to the path that it is asked for. What is stored is as the origin said it.
/// </summary>
internal static class LocationSection
{
    /// <summary>The field of the response.</summary>
    public const string Field = "resp.http.Location";

    /// <summary>In <c>vcl_deliver</c>.</summary>
    /// <param name="withoutPort">The condition that the client asked for no port.</param>
    public static void Write(VclWriter vcl, Policy policy, string withoutPort)
    {
        var ports = Ports(policy);
        var hosts = Hosts(policy).ToArray();
        if (ports.Length == 0 && hosts.Length == 0 && !RewriteSection.IsRewriting(policy))
        {
            return;
        }

        // A hit pays for this one comparison.
        vcl.Block($"if (resp.status != 200 && {Field})", () =>
        {
            if (ports.Length > 0)
            {
                vcl.Comment("An origin that takes its own port for the site's.");
                var own = RegexText.AnyOf(policy.Hosts.Items.Select(h => h.Value).Order(StringComparer.Ordinal));
                vcl.Block(
                    $"if ({withoutPort} && {Field} ~ "
                        + $"{VclLiteral.String($"(?i)^https?://{own}:{RegexText.AnyOf(ports)}(?:[/?#]|$)")})",
                    () => vcl.Line($"set {Field} = regsub({Field}, \"(?i)^(https?://[^:]*):[0-9]+\", \"\\1\");"));
            }

            foreach (var (origin, host) in hosts)
            {
                vcl.Block(
                    $"if (req.http.{InternalHeaders.Backend} == \"{origin}\" && {Field} ~ "
                        + $"{VclLiteral.String($"(?i)^https?://{RegexText.Escape(host)}(?::[0-9]+)?(?:[/?#]|$)")})",
                    () =>
                    {
                        vcl.Comment("Two slashes, which browsers also write as `\\`, would begin another host.");
                        vcl.Line(
                            $"set {Field} = regsub({Field}, {VclLiteral.String(@"(?i)^https?://[^/?#]*[/\\]*")}, "
                                + "\"/\");");
                    });
            }

            RewriteSection.WriteLocation(vcl, policy);
        });
    }

    // A port that is a scheme's own may be meant.
    private static string[] Ports(Policy policy) =>
    [
        .. OriginSection.NamedIn(policy).Select(o => o.Origin.Port).Prepend(policy.Origin.Port)
            .Where(port => port is not (80 or 443)).Distinct().Order().Select(port => $"{port}"),
    ];

    private static IEnumerable<(string Origin, string Host)> Hosts(Policy policy) =>
        OriginSection.Hosts(policy).Where(o => policy.Hosts.Items.All(h => h.Value != o.Host));
}
