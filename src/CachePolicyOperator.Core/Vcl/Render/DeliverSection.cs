namespace CachePolicyOperator.Core.Vcl.Render;

/// <summary>
/// <c>vcl_deliver</c>: the second guard, independent of how an object came to be stored, and
/// <c>Cache-Status</c> (RFC 9211), the only thing that is added to a passed response.
/// </summary>
internal static class DeliverSection
{
    // varnishd counts, and says zero where the response is not from the cache.
    private const string Hit = "obj.hits > 0";

    private const string Status = "resp.http.Cache-Status";
    private const string Missed = "\"cachepolicy; fwd=miss; fwd-status=\" + resp.status";
    private const string Ttl = "std.integer(duration=obj.ttl, fallback=0)";
    private const string Refused = $"resp.http.{InternalHeaders.Refused}";

    public static void Write(VclWriter vcl, RenderPlan plan)
    {
        vcl.Sub("vcl_hit", () => vcl.Line("return (deliver);"));
        vcl.Sub("vcl_miss", () => vcl.Line("return (fetch);"));
        vcl.Sub("vcl_deliver", () =>
        {
            WriteGuard(vcl);
            vcl.Block($"if (!({Hit}) && !req.http.{InternalHeaders.Why})", () => WriteRefusal(vcl));
            StoredMarks.Remove(vcl);
            LocationSection.Write(vcl, plan.Policies.Policy, $"req.http.{InternalHeaders.Authority} !~ \":\"");
            FragmentSection.WriteDelivery(vcl, plan);
            if (plan.IsEditing)
            {
                vcl.Line(ResponseSection.Call);
            }

            WriteStatus(vcl);
            vcl.Line("return (deliver);");
        });
    }

    private static void WriteGuard(VclWriter vcl) => vcl.Guard("deliver", () =>
        vcl.Block($"if ({Hit})", () =>
        {
            vcl.Line("call cp_personal;");
            vcl.Block($"if (req.http.{InternalHeaders.Personal})",
                () => WriteRestart(vcl, PassReason.Guard, "personal delivery"));
            vcl.Block(
                "if (resp.http.Set-Cookie || resp.http.Cache-Control ~ \"(?i)private|no-store\")",
                () => WriteRestart(vcl, PassReason.Guard, "private delivery"));
        }));

    // The answer that was refused is the one to an anonymous request. Whoever asked under a name, or in a way that the
    // origin says matters, gets the answer to the request as it came.
    private static void WriteRefusal(VclWriter vcl) => vcl.Guard("own-answer", () => vcl.Block(
        $"if ({Refused} && (req.http.Cookie || {Refused} == \"{VarySection.OfTaken}\") && (resp.status < 400 || "
            + "resp.status == 401 || resp.status == 403))",
        () => WriteRestart(vcl, PassReason.Refused, log: null)));

    private static void WriteRestart(VclWriter vcl, PassReason reason, string? log)
    {
        if (log is not null)
        {
            vcl.Line($"std.log(\"cachepolicy:guard {log}\");");
        }

        vcl.Line($"set req.http.{InternalHeaders.Why} = \"{reason.Status}\";");
        vcl.Line("return (restart);");
    }

    private static void WriteStatus(VclWriter vcl)
    {
        vcl.Block($"if ({Status})", () =>
        {
            vcl.Line($"std.collect({Status});");
            vcl.Line($"set {Status} = {Status} + \", \";");
        });
        vcl.Block($"if ({Hit})", () => WriteMember(vcl, $"\"cachepolicy; hit; ttl=\" + {Ttl}"));
        vcl.Block($"elseif (req.http.{InternalHeaders.Why})",
            () => WriteMember(vcl, $"\"cachepolicy; \" + req.http.{InternalHeaders.Why}"));
        vcl.Block($"elseif ({Refused})", () =>
        {
            WriteMember(vcl, $"{Missed} + \"; detail=\" + {Refused}");
            vcl.Line($"unset {Refused};");
        });
        vcl.Block("elseif (obj.uncacheable)", () => WriteMember(vcl, Missed));
        vcl.Block("else", () => WriteMember(vcl, $"{Missed} + \"; stored; ttl=\" + {Ttl}"));
    }

    // What no cache before this one has written is empty, and stays in front.
    private static void WriteMember(VclWriter vcl, string member) => vcl.Line($"set {Status} = {Status} + {member};");
}
