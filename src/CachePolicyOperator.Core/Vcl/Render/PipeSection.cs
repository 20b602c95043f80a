using CachePolicyOperator.Core.Model;

namespace CachePolicyOperator.Core.Vcl.Render;

/// <summary>
/// Web sockets: a connection that is handed through to the origin of its rule, past lookup and store, whatever goes
/// over it. Nothing else is.
/// </summary>
internal static class PipeSection
{
    private const string Handshake =
        "req.method == \"GET\" && req.http.Upgrade ~ \"(?i)^websocket$\" && req.http.Sec-WebSocket-Key"
        + " && !req.http.Content-Length && !req.http.Transfer-Encoding";

    /// <summary>Whether some rule hands connections through.</summary>
    public static bool IsUpgrading(Policy policy) => policy.Rules.Items.Any(r => r.Upgrades);

    /// <summary>Where the rule of a request is found.</summary>
    public static void WriteReturn(VclWriter vcl, bool upgrades)
    {
        if (upgrades)
        {
            vcl.Comment("What asks for anything else is passed.");
            vcl.Block($"if ({Handshake})", () => vcl.Line("return (pipe);"));
        }
    }

    /// <summary><c>vcl_pipe</c>, as varnishd's own documentation has it for web sockets.</summary>
    /// <param name="authority">
    /// The field with the host as the client said it; null where the host is as it came.
    /// </param>
    public static void Write(VclWriter vcl, Policy policy, IEnumerable<string> variables, string? authority = null)
    {
        if (!IsUpgrading(policy))
        {
            return;
        }

        vcl.Sub("vcl_pipe", () =>
        {
            if (authority is not null)
            {
                vcl.Comment("What decides whether a site's script may connect compares it with the port in `Origin`.");
                vcl.Line($"set bereq.http.Host = bereq.http.{authority};");
            }

            OriginSection.WriteHost(vcl, policy);
            RewriteSection.Write(vcl, policy);
            foreach (var variable in variables)
            {
                vcl.Line($"unset {VclLiteral.Header("bereq", variable)};");
            }

            vcl.Line("set bereq.http.Upgrade = \"websocket\";");
            vcl.Guard("close", () =>
            {
                vcl.Comment(
                    "An origin that wants no web socket ends the connection behind its answer, or more requests went "
                        + "over it.");
                vcl.Line("set bereq.http.Connection = \"Upgrade, close\";");
            });
            vcl.Line("return (pipe);");
        });
    }
}
