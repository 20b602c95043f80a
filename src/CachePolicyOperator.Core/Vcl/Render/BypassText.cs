using CachePolicyOperator.Core.HeaderFields;
using CachePolicyOperator.Core.Model;

namespace CachePolicyOperator.Core.Vcl.Render;

/// <summary>
/// The VCL that caches nothing: every request is passed as it came to the origin of its rule, every response delivered
/// as it came.
/// </summary>
internal static class BypassText
{
    private const string Rule = "cp_rule";

    private static readonly string[] Variables = [
        InternalHeaders.Target, InternalHeaders.Path, InternalHeaders.Backend];

    public static string Write(Policy policy, RenderTarget target)
    {
        var origins = OriginSection.NamedIn(policy);
        var isByRule = OriginSection.IsByRule(policy) || PipeSection.IsUpgrading(policy);
        string[] asked = isByRule ? [.. Asked(policy)] : [];
        var vcl = new VclWriter();
        vcl.Line("vcl 4.1;");
        vcl.Blank();
        vcl.Comment("Level Bypassed: Varnish is in the path and passes everything.");
        if (asked.Length > 0)
        {
            vcl.Line("import std;");
        }

        if (OriginSection.HasStandby(policy))
        {
            vcl.Line("import directors;");
        }

        BackendSection.WriteBypass(vcl, policy, target, origins);
        OriginSection.WriteStandbys(vcl, policy);
        if (isByRule)
        {
            new FirstMatch<KeyParts>(vcl, "req", group =>
            {
                OriginSection.WriteChoice(vcl, policy, group.Origin);
                PipeSection.WriteReturn(vcl, group.Upgrades);
            }).Write(Rule, RuleGroups.ByOrigin(policy.Rules));
        }

        vcl.Sub("vcl_recv", () =>
        {
            OriginSection.WriteDefault(vcl, policy);
            if (isByRule)
            {
                WriteChoice(vcl, policy, asked);
            }

            vcl.Line("return (pass);");
        });
        // Each of these ends its method, so that the built-in VCL behind it takes nothing away, not even the body of a
        // GET.
        vcl.Sub("vcl_hash", () => vcl.Line("return (lookup);"));
        vcl.Sub("vcl_pass", () => vcl.Line("return (fetch);"));
        PipeSection.Write(vcl, policy, Variables);
        RetrySection.Write(vcl, policy);
        vcl.Sub("vcl_backend_fetch", () =>
        {
            RetrySection.WriteAgain(vcl, policy);
            if (isByRule)
            {
                OriginSection.WriteHost(vcl, policy);
                RewriteSection.Write(vcl, policy);
                foreach (var header in Variables)
                {
                    vcl.Line($"unset bereq.http.{header};");
                }
            }

            vcl.Line("return (fetch);");
        });
        vcl.Sub("vcl_backend_response", () =>
        {
            RetrySection.WriteOnAnswer(vcl, policy);
            vcl.Line("return (deliver);");
        });
        if (RetrySection.IsRetrying(policy))
        {
            vcl.Sub("vcl_backend_error", () => RetrySection.WriteOnFailure(vcl, policy));
        }

        vcl.Sub("vcl_deliver", () =>
        {
            LocationSection.Write(vcl, policy, "req.http.Host !~ \":\"");
            vcl.Line("return (deliver);");
        });
        return vcl.ToString();
    }

    // The rules are asked for the same requests as where they cache, so that each finds the same origin.
    private static void WriteChoice(VclWriter vcl, Policy policy, string[] asked)
    {
        vcl.Line($"unset req.http.{InternalHeaders.Backend};");
        vcl.Block($"if (req.url ~ \"^/\" && req.http.Host ~ {VclLiteral.String(HostRegex.Of(policy.Hosts))})", () =>
        {
            foreach (var header in asked)
            {
                vcl.Line(header == RequestFields.Cookie
                    ? "std.collect(req.http.Cookie, \"; \");"
                    : $"std.collect({VclLiteral.Header("req", header)});");
            }

            vcl.Line($"set req.http.{InternalHeaders.Target} = req.url;");
            vcl.Line($"set req.http.{InternalHeaders.Path} = regsub(req.url, \"\\?.*$\", \"\");");
            vcl.Line($"call {Rule};");
        });
    }

    // VCL reads the first line of a field.
    private static IEnumerable<string> Asked(Policy policy) => policy.Rules.Items.Select(r => r.Match.Request)
        .SelectMany(r => r.Headers.Items.Select(h => h.Name).Concat(r.Cookies.Items.Select(_ => RequestFields.Cookie)))
        .Distinct().Order(StringComparer.Ordinal);
}
