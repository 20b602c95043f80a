using CachePolicyOperator.Core.HeaderFields;
using CachePolicyOperator.Core.Model;
using CachePolicyOperator.Core.Routes;

namespace CachePolicyOperator.Core.Vcl.Render;

/// <summary><c>vcl_recv</c>: every step dominates the next, and only the last leads to a lookup.</summary>
internal static class ReceiveSection
{
    private const string PlainConnection = "(?:close|keep-alive|te|upgrade|http2-settings)";

    public static void Write(VclWriter vcl, RenderPlan plan) => vcl.Sub("vcl_recv", () =>
    {
        WriteRestart(vcl);
        OriginSection.WriteDefault(vcl, plan.Policies.Policy);
        WriteInternalHeaders(vcl, plan);
        WriteCollect(vcl, plan);
        WriteOrigin(vcl, plan);
        WriteShape(vcl, plan);
        WriteRules(vcl, plan);
        WriteIdentity(vcl, plan);
        WriteBypass(vcl, plan);
        vcl.Guard("default-pass", () =>
        {
            WritePassIf(vcl, $"!req.http.{InternalHeaders.Rule}", PassReason.NoRule);
            WritePassIf(vcl, $"req.http.{InternalHeaders.Rule} == \"{InternalHeaders.PassRule}\"", PassReason.PassRule);
        });
        ChoiceSection.WriteChoosing(vcl, plan);
        if (plan.Keys.HidesOrigin)
        {
            vcl.Block($"if ({plan.Keys.Is("req", key => key.HidesOrigin)})", () => vcl.Line("unset req.http.Origin;"));
        }

        vcl.Line("return (hash);");
    });

    /// <summary>Passes the request and says why.</summary>
    public static void WritePass(VclWriter vcl, PassReason reason)
    {
        vcl.Line($"set req.http.{InternalHeaders.Why} = \"{reason.Status}\";");
        vcl.Line("return (pass);");
    }

    private static void WritePassIf(VclWriter vcl, string condition, PassReason reason) =>
        vcl.Block($"if ({condition})", () => WritePass(vcl, reason));

    private static void WriteRestart(VclWriter vcl) => vcl.Guard("restart", () =>
    {
        vcl.Comment("Whoever restarted has said why. A request that went wrong once is not looked up again.");
        vcl.Block("if (req.restarts > 0)", () => vcl.Line("return (pass);"));
    });

    private static void WriteInternalHeaders(VclWriter vcl, RenderPlan plan) => vcl.Guard("internal-headers", () =>
    {
        // What looks like one to some origin is taken away from what is sent: here each costs every hit.
        foreach (var header in plan.Variables)
        {
            vcl.Line($"unset {VclLiteral.Header("req", header)};");
        }
    });

    private static void WriteCollect(VclWriter vcl, RenderPlan plan) => vcl.Guard("collect", () =>
    {
        vcl.Comment("VCL reads the first line of a field, the origin gets all.");
        vcl.Line("std.collect(req.http.Cookie, \"; \");");
        vcl.Line("std.collect(req.http.Connection);");
        foreach (var header in plan.Keys.Headers.Concat(plan.AskedHeaders).Distinct()
            .Where(name => name != RequestFields.Cookie))
        {
            vcl.Line($"std.collect({VclLiteral.Header("req", header)});");
        }
    });

    // `cors` knows the site from here on: what is looked up and fetched is for all sites.
    private static void WriteOrigin(VclWriter vcl, RenderPlan plan)
    {
        if (plan.AnswersCors)
        {
            vcl.Line("std.collect(req.http.Origin);");
            vcl.Block("if (req.http.Origin)",
                () => vcl.Line($"set req.http.{InternalHeaders.Origin} = req.http.Origin;"));
        }
    }

    private static void WriteShape(VclWriter vcl, RenderPlan plan)
    {
        vcl.Guard("not-a-path", () => WritePassIf(
            vcl, plan.Keys.HasFragments ? "req.url !~ \"^/\"" : "req.url !~ \"^/\" || req.esi_level > 0",
                PassReason.NotAPath));
        vcl.Guard("host", () => WriteHost(vcl, plan.Policies.Policy.Hosts));
        if (plan.AsksEveryRequest)
        {
            vcl.Comment("A rule answers, and changes responses, whatever the method and the spelling of the target.");
            WriteRule(vcl);
        }

        ResponseSection.WritePreflight(vcl, plan);

        vcl.Guard("method", () =>
        {
            WritePassIf(vcl, "req.method != \"GET\" && req.method != \"HEAD\"", PassReason.Method);
            vcl.Comment("A GET may carry a body, which is not in the key.");
            WritePassIf(
                vcl, "req.http.Transfer-Encoding || (req.http.Content-Length && req.http.Content-Length ~ \"[^0]\")",
                    PassReason.Body);
        });
        vcl.Guard("connection", () =>
        {
            vcl.Comment("A field that `Connection` names is in the key but not in what the origin gets.");
            WritePassIf(
                vcl,
                "req.http.Connection && req.http.Connection !~ "
                    + $"{VclLiteral.String($"(?i)^{PlainConnection}(?:[ \\t]*,[ \\t]*{PlainConnection})*$")}",
                PassReason.Connection);
        });
        vcl.Guard("canonical-url", () =>
        {
            vcl.Comment("Beyond this step cache and origin read the target alike.");
            WritePassIf(
                vcl,
                $"req.url !~ {VclLiteral.String(CanonicalTarget.Shape)} || req.url ~ "
                    + $"{VclLiteral.String(CanonicalTarget.Trap)}",
                PassReason.NonCanonical);
        });
    }

    // Without a condition: a proof follows one way and not two. The port is the client's: it is neither in the key nor
    // known to the origin of what may be stored, and `vcl_pass` gives it back.
    private static void WriteHost(VclWriter vcl, EquatableList<HostName> hosts)
    {
        WritePassIf(vcl, $"req.http.Host !~ {VclLiteral.String(HostRegex.Of(hosts))}", PassReason.Host);
        vcl.Line($"set req.http.{InternalHeaders.Authority} = req.http.Host;");
        vcl.Line("set req.http.Host = regsub(req.http.Host, \":.*$\", \"\");");
    }

    private static void WriteRules(VclWriter vcl, RenderPlan plan)
    {
        vcl.Blank();
        vcl.Comment("All rewrites.");
        if (!plan.AsksEveryRequest)
        {
            WriteRule(vcl);
        }

        vcl.Block(
            $"if (req.url ~ \"\\?\" && req.http.{InternalHeaders.Rule} && req.http.{InternalHeaders.Rule} != "
                + $"\"{InternalHeaders.PassRule}\")",
            () => QuerySection.WriteCalls(vcl, plan));
        vcl.Blank();
        vcl.Guard("personal", () =>
        {
            vcl.Line("call cp_personal;");
            WritePassIf(vcl, $"req.http.{InternalHeaders.Personal}", PassReason.Personal);
        });
        RewriteSection.WritePersonal(vcl, plan.Policies.Policy, () =>
        {
            vcl.Line("call cp_personal;");
            WritePassIf(vcl, $"req.http.{InternalHeaders.Personal}", PassReason.Personal);
        });
    }

    private static void WriteRule(VclWriter vcl)
    {
        vcl.Line($"set req.http.{InternalHeaders.Target} = req.url;");
        vcl.Line($"set req.http.{InternalHeaders.Path} = regsub(req.url, \"\\?.*$\", \"\");");
        vcl.Line(RulesSection.Call);
    }

    private static void WriteIdentity(VclWriter vcl, RenderPlan plan) => vcl.Guard("identity", () =>
    {
        vcl.Comment("Who says who they are asks for their own answer.");
        var fields = plan.IdentityHeaders.SelectMany(FieldNames.Spellings).Select(h => VclLiteral.Header("req", h));
        WritePassIf(vcl, string.Join(" || ", fields), PassReason.Identity);
        if (plan.Identity.QueryParameters.Count > 0)
        {
            var regex = QueryName.AnyOf(plan.Identity.QueryParameters);
            WritePassIf(vcl, $"req.http.{InternalHeaders.Target} ~ {VclLiteral.String(regex)}", PassReason.Identity);
        }

        if (plan.Keys.PassesIdentity)
        {
            vcl.Comment("Cookies decide where a rule does not ignore them: browsers send them with everything.");
            vcl.Block(
                $"if (req.http.Cookie && ({plan.Keys.Is("req", key => key.Identity == IdentityTreatment.Pass)}))",
                () => WritePassIf(vcl, BroughtTest.IdentityCookie(plan), PassReason.Identity));
        }
    });

    private static void WriteBypass(VclWriter vcl, RenderPlan plan)
    {
        foreach (var bypass in plan.Keys.Bypasses)
        {
            vcl.Block(
                $"if ({plan.Keys.Is("req", key => key.Bypass == bypass)})",
                () => WritePassIf(vcl, BroughtTest.Of(bypass), PassReason.Brought));
        }
    }
}
