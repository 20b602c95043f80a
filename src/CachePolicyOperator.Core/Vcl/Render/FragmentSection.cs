using CachePolicyOperator.Core.HeaderFields;

namespace CachePolicyOperator.Core.Vcl.Render;

/// <summary>
/// Pages that are put together of fragments (ESI). The page is stored as it came, each fragment is a request of its own
/// that is decided like any other, and what a client gets of it all is that client's alone.
/// </summary>
internal static class FragmentSection
{
    /// <summary>
    /// In <c>vcl_hash</c>: what a page was stored for is in its key, so that no revision that knows nothing of
    /// fragments puts it together and lets others keep what comes of that.
    /// </summary>
    public static void WriteKey(VclWriter vcl, RenderPlan plan) => WriteIf(vcl, plan, "req", () =>
    {
        vcl.Line("hash_data(\"fragments\");");
        vcl.Line("hash_data(\"asked for\");");
    });

    /// <summary>
    /// In a fetch that may be stored: an origin that heeds it renders fragments by itself where nobody asks for them.
    /// </summary>
    public static void WriteCapability(VclWriter vcl, RenderPlan plan) => WriteIf(vcl, plan, "bereq", () =>
        vcl.Line($"set bereq.http.Surrogate-Capability = {VclLiteral.String("cachepolicy=\"ESI/1.0\"")};"));

    /// <summary>In <c>vcl_deliver</c>.</summary>
    public static void WriteDelivery(VclWriter vcl, RenderPlan plan)
    {
        if (plan.Keys.HasFragments)
        {
            vcl.Guard("fragments", () => vcl.Block(
                $"if (!req.http.{InternalHeaders.Why} && ({Condition(plan, "req")}))",
                () =>
                {
                    vcl.Comment(
                        "Fragments may be of who asks, and the page around them does not speak for them: nobody keeps "
                            + "the whole.");
                    vcl.Line("set resp.http.Cache-Control = \"no-store\";");
                    foreach (var field in ResponseFields.TargetedAtCaches.Concat(ResponseFields.TargetedAtMakers)
                        .Concat(["X-Accel-Expires", "Expires", "ETag", "Last-Modified"]))
                    {
                        vcl.Line($"unset resp.http.{field};");
                    }
                }));
        }
    }

    private static void WriteIf(VclWriter vcl, RenderPlan plan, string message, Action body)
    {
        if (plan.Keys.HasFragments)
        {
            vcl.Block($"if ({Condition(plan, message)})", body);
        }
    }

    private static string Condition(RenderPlan plan, string message) => plan.Keys.Is(message, key => key.Fragments);
}
