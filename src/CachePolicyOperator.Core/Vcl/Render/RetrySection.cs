using CachePolicyOperator.Core.Model;

namespace CachePolicyOperator.Core.Vcl.Render;

/// <summary>
/// Asks an origin again that did not answer, or said that it cannot now: only what is asked for with GET or HEAD and
/// without a body, and only before anything of the answer was looked at or went out.
/// </summary>
internal static class RetrySection
{
    /// <summary>The condition that nothing of an answer was looked at yet.</summary>
    public const string NotJudged = $"!bereq.http.{InternalHeaders.Path}";

    private const string Sub = "cp_retry";

    public static void Write(VclWriter vcl, Policy policy)
    {
        if (!IsRetrying(policy))
        {
            return;
        }

        vcl.Sub(Sub, () => vcl.Block(
            "if ((bereq.method == \"GET\" || bereq.method == \"HEAD\") && !bereq.http.Content-Length && "
                + "!bereq.http.Transfer-Encoding)",
            () => WriteRetries(vcl, policy)));
    }

    /// <summary>
    /// In <c>vcl_backend_fetch</c>: what was made of the request for the first try is what is sent again.
    /// </summary>
    public static void WriteAgain(VclWriter vcl, Policy policy)
    {
        if (IsRetrying(policy))
        {
            vcl.Guard("again", () => vcl.Block("if (bereq.retries > 0)", () =>
            {
                vcl.Comment("All is as it was sent before; varnishd has written its number anew.");
                vcl.Line("unset bereq.http.X-Varnish;");
                vcl.Line("unset bereq.http.X-Vinyl;");
                vcl.Line("return (fetch);");
            }));
        }
    }

    /// <summary>In <c>vcl_backend_response</c>, before anything is made of the answer.</summary>
    public static void WriteOnAnswer(VclWriter vcl, Policy policy)
    {
        if (IsRetrying(policy))
        {
            vcl.Block(
                "if (beresp.status == 502 || beresp.status == 503 || beresp.status == 504)", () =>
                    vcl.Line($"call {Sub};"));
        }
    }

    /// <summary>In <c>vcl_backend_error</c>.</summary>
    public static void WriteOnFailure(VclWriter vcl, Policy policy)
    {
        if (IsRetrying(policy))
        {
            vcl.Comment(
                "Where a body fails behind `vcl_backend_response`, the request is no longer the one that was sent.");
            vcl.Block($"if ({NotJudged})", () => vcl.Line($"call {Sub};"));
        }
    }

    /// <summary>Whether some origin is asked again.</summary>
    public static bool IsRetrying(Policy policy) =>
        Asked(policy).Any(o => o.Origin.Retries > 0);

    private static void WriteRetries(VclWriter vcl, Policy policy)
    {
        var asked = Asked(policy);
        if (asked.Select(o => o.Origin.Retries).Distinct().ToArray() is [var ofAll])
        {
            WriteRetry(vcl, "", ofAll);
            return;
        }

        foreach (var (name, origin) in asked.Where(o => o.Origin.Retries > 0))
        {
            WriteRetry(vcl, $"beresp.backend == {OriginSection.BackendOf(name)} && ", origin.Retries);
        }
    }

    private static (string? Name, Origin Origin)[] Asked(Policy policy) =>
        [(null, policy.Origin), .. OriginSection.NamedIn(policy).Select(o => ((string?)o.Name, o.Origin))];

    private static void WriteRetry(VclWriter vcl, string condition, int retries) =>
        vcl.Block($"if ({condition}bereq.retries < {retries})", () => vcl.Line("return (retry);"));
}
