namespace CachePolicyOperator.Core.Vcl.Render;

/// <summary>
/// The VCL that caches nothing: every request is passed as it came, every response delivered as it came.
/// </summary>
internal static class BypassText
{
    public static string Write(RenderTarget target)
    {
        var vcl = new VclWriter();
        vcl.Line("vcl 4.1;");
        vcl.Blank();
        vcl.Comment("Level Bypassed: Varnish is in the path and passes everything.");
        BackendSection.WriteBypass(vcl, target);
        vcl.Sub("vcl_recv", () => vcl.Line("return (pass);"));
        // Each of these ends its method, so that the built-in VCL behind it takes nothing away, not even the body of a
        // GET.
        vcl.Sub("vcl_hash", () => vcl.Line("return (lookup);"));
        vcl.Sub("vcl_pass", () => vcl.Line("return (fetch);"));
        vcl.Sub("vcl_backend_fetch", () => vcl.Line("return (fetch);"));
        vcl.Sub("vcl_backend_response", () => vcl.Line("return (deliver);"));
        vcl.Sub("vcl_deliver", () => vcl.Line("return (deliver);"));
        return vcl.ToString();
    }
}
