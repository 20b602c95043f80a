using CachePolicyOperator.Core.HeaderFields;

namespace CachePolicyOperator.Core.Vcl.Render;

/// <summary>
/// <c>vcl_backend_fetch</c>: a fetch whose answer may be stored is anonymous. It is the only place that takes fields
/// away, so that a request that is passed after all is still the client's own.
/// </summary>
internal static class FetchSection
{
    // The same for everybody by the time the origin sees them, or in every key.
    private static readonly string[] Unified = ["accept-encoding", "host", "x-forwarded-proto"];

    public static void Write(VclWriter vcl, RenderPlan plan)
    {
        vcl.Sub("vcl_pass", () =>
        {
            vcl.Comment("The request as it came; what a hit-for-pass object passes has been rewritten already.");
            vcl.Block($"if (req.http.{InternalHeaders.Target})",
                () => vcl.Line($"set req.url = req.http.{InternalHeaders.Target};"));
            vcl.Block($"if (req.http.{InternalHeaders.Authority})",
                () => vcl.Line($"set req.http.Host = req.http.{InternalHeaders.Authority};"));
            ChoiceSection.WriteRestoring(vcl, plan);
            if (plan.Keys.HidesOrigin)
            {
                vcl.Block($"if (req.http.{InternalHeaders.Origin})",
                    () => vcl.Line($"set req.http.Origin = req.http.{InternalHeaders.Origin};"));
            }

            vcl.Block(
                $"if (!req.http.{InternalHeaders.Why})",
                () => vcl.Line($"set req.http.{InternalHeaders.Why} = \"{PassReason.Refused.Status}\";"));
            vcl.Line("return (fetch);");
        });
        vcl.Sub("vcl_backend_fetch", () =>
        {
            RetrySection.WriteAgain(vcl, plan.Policies.Policy);
            vcl.Block("if (!bereq.uncacheable)", () => vcl.Line("call cp_anonymous;"));
            OriginSection.WriteHost(vcl, plan.Policies.Policy);
            RewriteSection.Write(vcl, plan.Policies.Policy);
            foreach (var header in plan.Variables.SelectMany(FieldNames.Spellings))
            {
                vcl.Line($"unset {VclLiteral.Header("bereq", header)};");
            }

            vcl.Line("return (fetch);");
        });
        vcl.Sub("cp_anonymous", () => vcl.Guard("anonymous", () => WriteAnonymous(vcl, plan)));
    }

    private static void WriteAnonymous(VclWriter vcl, RenderPlan plan)
    {
        vcl.Line("unset bereq.body;");
        vcl.Comment("Varnish asks for gzip and unpacks it for clients that do not; every client gets the same object.");
        vcl.Line("set bereq.http.Accept-Encoding = \"gzip\";");
        WriteScheme(vcl, plan.Keys);
        foreach (var header in plan.Keys.Headers)
        {
            WriteKeyHeader(vcl, plan, header);
        }

        var asked = plan.AskedHeaders.Except(plan.Keys.Headers).Except(Unified);
        var declared = plan.IdentityHeaders.Concat(asked).Except(ForwardedFields.All).SelectMany(FieldNames.Spellings);
        var known = ForwardedFields.All.Except(plan.Keys.Headers).SelectMany(TwoSpellings).Except(Protected(plan));
        var lookalikes = plan.Keys.Headers.Append("x-forwarded-proto").SelectMany(FieldNames.Lookalikes);
        foreach (var name in declared.Concat(lookalikes).Concat(known).Distinct())
        {
            vcl.Line($"unset {VclLiteral.Header("bereq", name)};");
        }

        FragmentSection.WriteCapability(vcl, plan);
    }

    // From 7.4 on no VCL changes what says how long a body is; from 7.7 on it goes with the body.
    private static string[] Protected(RenderPlan plan) =>
        EngineVersion.TryParse(plan.Target.EngineVersion, out var engine) && engine >= EngineVersion.ProtectingLength
            ? [.. RequestFields.BodyLength]
            : [];

    // As it comes where it is in the key so: a rule may be matched by it, and is asked again.
    private static void WriteScheme(VclWriter vcl, KeyRules keys)
    {
        const string Field = "x-forwarded-proto";
        vcl.Block("if (bereq.http.X-Forwarded-Proto == \"https\")",
            () => vcl.Line("set bereq.http.X-Forwarded-Proto = \"https\";"));
        vcl.Block("elseif (bereq.http.X-Forwarded-Proto == \"http\")",
            () => vcl.Line("set bereq.http.X-Forwarded-Proto = \"http\";"));
        var other = keys.Headers.Contains(Field) ? $"elseif ({keys.IsNot("bereq", key => key.Headers.Contains(Field))})"
            : "else";
        vcl.Block(other, () => vcl.Line("unset bereq.http.X-Forwarded-Proto;"));
    }

    // In the key of some rules; from every other fetch it is removed like any field.
    private static void WriteKeyHeader(VclWriter vcl, RenderPlan plan, string header)
    {
        vcl.Block(
            $"if ({plan.Keys.IsNot("bereq", key => key.Headers.Items.Contains(header))})",
            () => vcl.Line($"unset {VclLiteral.Header("bereq", header)};"));
    }

    private static string[] TwoSpellings(string name) => name.Contains('-') ? [name, name.Replace('-', '_')] : [name];
}
