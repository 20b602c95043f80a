namespace CachePolicyOperator.Core.Vcl.Render;

/// <summary>
/// <c>vcl_deliver</c>: the second guard, independent of how an object came to be stored, and
/// <c>Cache-Status</c> (RFC 9211), the only thing that is added to a passed response.
/// </summary>
internal static class DeliverSection
{
    private const string Status = $"req.http.{InternalHeaders.Status}";
    private const string Refused = $"resp.http.{InternalHeaders.Refused}";

    public static void Write(VclWriter vcl, RenderPlan plan)
    {
        vcl.Sub("vcl_hit", () =>
        {
            vcl.Line($"set req.http.{InternalHeaders.Hit} = \"1\";");
            vcl.Line("return (deliver);");
        });
        vcl.Sub("vcl_miss", () => vcl.Line("return (fetch);"));
        vcl.Sub("vcl_deliver", () =>
        {
            WriteGuard(vcl);
            vcl.Block($"if (!req.http.{InternalHeaders.Why})", () => WriteRefusal(vcl));
            StoredMarks.Remove(vcl);
            if (plan.IsEditing)
            {
                vcl.Line(ResponseSection.Call);
            }

            WriteStatus(vcl);
            vcl.Line("return (deliver);");
        });
    }

    private static void WriteGuard(VclWriter vcl) => vcl.Guard("deliver", () =>
        vcl.Block($"if (obj.hits > 0 || req.http.{InternalHeaders.Hit})", () =>
        {
            vcl.Line("call cp_personal;");
            vcl.Block($"if (req.http.{InternalHeaders.Personal})", () => WriteRestart(vcl, PassReason.Guard, "personal delivery"));
            vcl.Block(
                "if (resp.http.Set-Cookie || resp.http.Cache-Control ~ \"(?i)private|no-store\")",
                () => WriteRestart(vcl, PassReason.Guard, "private delivery"));
        }));

    // The answer that was refused is the one to an anonymous request. Whoever asked under a name, or in a way that the
    // origin says matters, gets the answer to the request as it came.
    private static void WriteRefusal(VclWriter vcl) => vcl.Guard("own-answer", () => vcl.Block(
        $"if ({Refused} && (req.http.Cookie || {Refused} == \"{VarySection.OfTaken}\") && (resp.status < 400 || resp.status == 401 || resp.status == 403))",
        () => WriteRestart(vcl, PassReason.Refused, log: null)));

    private static void WriteRestart(VclWriter vcl, PassReason reason, string? log)
    {
        if (log is not null)
        {
            vcl.Line($"std.log(\"cachepolicy:guard {log}\");");
        }

        vcl.Line($"unset req.http.{InternalHeaders.Hit};");
        vcl.Line($"set req.http.{InternalHeaders.Why} = \"{reason.Status}\";");
        vcl.Line("return (restart);");
    }

    private static void WriteStatus(VclWriter vcl)
    {
        vcl.Block($"if (req.http.{InternalHeaders.Why})", () => vcl.Line($"set {Status} = \"cachepolicy; \" + req.http.{InternalHeaders.Why};"));
        vcl.Block(
            $"elseif (req.http.{InternalHeaders.Hit})",
            () => vcl.Line($"set {Status} = \"cachepolicy; hit; ttl=\" + std.integer(duration=obj.ttl, fallback=0);"));
        vcl.Block($"elseif ({Refused})", () =>
        {
            vcl.Line($"set {Status} = \"cachepolicy; fwd=miss; fwd-status=\" + resp.status + \"; detail=\" + {Refused};");
            vcl.Line($"unset {Refused};");
        });
        vcl.Block("elseif (obj.uncacheable)", () => vcl.Line($"set {Status} = \"cachepolicy; fwd=miss; fwd-status=\" + resp.status;"));
        vcl.Block("else", () => vcl.Line(
            $"set {Status} = \"cachepolicy; fwd=miss; fwd-status=\" + resp.status + \"; stored; ttl=\" + std.integer(duration=obj.ttl, fallback=0);"));
        vcl.Line("std.collect(resp.http.Cache-Status);");
        vcl.Block("if (resp.http.Cache-Status)", () => vcl.Line($"set resp.http.Cache-Status = resp.http.Cache-Status + \", \" + {Status};"));
        vcl.Block("else", () => vcl.Line($"set resp.http.Cache-Status = {Status};"));
    }
}
