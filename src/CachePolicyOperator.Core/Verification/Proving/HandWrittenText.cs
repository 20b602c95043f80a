using CachePolicyOperator.Core.Model;
using CachePolicyOperator.Core.Vcl;
using CachePolicyOperator.Core.Vcl.Render;
using CachePolicyOperator.Core.Vcl.Syntax;

namespace CachePolicyOperator.Core.Verification.Proving;

/// <summary>
/// Hand-written VCL as the pods load it: in one piece, with the marks by which an invalidation finds what is stored in
/// front of it, and with the address of the origin where a backend names its Service. The team's text follows word by
/// word.
/// </summary>
/// <param name="Parse">What it is read as; places are those of the team's files.</param>
/// <param name="Text">What varnishd loads; empty where the team's text has errors.</param>
/// <param name="NamesOrigin">Whether a backend leads to the Service of the origin.</param>
internal sealed record HandWrittenText(VclParse Parse, string Text, bool NamesOrigin)
{
    public static HandWrittenText Of(PolicySet policies, VclSource vcl, RenderTarget target)
    {
        var files = HandWrittenFiles.Of(vcl);
        var written = VclParser.Parse(files.Main, files);
        if (written.HasErrors || written.File.Version is not { } version)
        {
            return new HandWrittenText(written, "", NamesOrigin: false);
        }

        var hosts = OriginHosts(written.File, policies.Policy).ToArray();
        var addressed = files.With(vcl, hosts.GroupBy(h => h.Span.File).ToDictionary(
            g => g.Key.Name, g => Replace(g.Key.Text, g.Select(h => h.Span), target.OriginHost)));
        var top = SourceFile.FromText("marks.vcl", Marks(policies.Policy, version, addressed.Main.Name));
        return new HandWrittenText(
            VclParser.Parse(top, addressed), VclParser.Flatten(top, addressed), hosts.Length > 0);
    }

    private static string Marks(Policy policy, VclVersion version, string main)
    {
        var vcl = new VclWriter();
        vcl.Line($"vcl {(int)version / 10}.{(int)version % 10};");
        vcl.Blank();
        vcl.Comment(
            $"Hand-written VCL of CachePolicy {policy.Name}. Its digest is its name: a copy that was edited is not "
                + "proven.",
            "By these fields an invalidation finds what is stored; no client sees them.");
        if (ReviewLine.Of(policy) is { } reviewed)
        {
            vcl.Comment(reviewed);
        }

        vcl.Blank();
        vcl.Line("import std;");
        vcl.Sub("vcl_backend_response", () => vcl.Block("if (!bereq.uncacheable)", () => StoredMarks.Write(vcl)));
        vcl.Sub("vcl_backend_error", () => vcl.Block("if (!bereq.uncacheable)", () => StoredMarks.Write(vcl)));
        vcl.Sub("vcl_deliver", () => StoredMarks.Remove(vcl));
        vcl.Blank();
        vcl.Comment("The team's own text.");
        vcl.Line($"include {VclLiteral.String(main)};");
        return vcl.ToString();
    }

    private static IEnumerable<StringLiteral> OriginHosts(VclFile file, Policy policy) =>
        from backend in file.Declarations.Items.OfType<BackendDeclaration>()
        from property in backend.Properties.Items
        where property.Name == "host"
        from host in property.Values.Items.OfType<StringLiteral>()
        where IsOrigin(host.Value, policy)
        select host;

    // By any of the names that a Service has within a cluster, whatever its domain is.
    private static bool IsOrigin(string host, Policy policy)
    {
        var (service, space) = (policy.Origin.Service, policy.Name.Namespace);
        return host == service || host == $"{service}.{space}" || host == $"{service}.{space}.svc"
            || host.StartsWith($"{service}.{space}.svc.", StringComparison.Ordinal);
    }

    private static string Replace(string text, IEnumerable<SourceSpan> spans, string host)
    {
        foreach (var span in spans.DistinctBy(s => s.Start).OrderByDescending(s => s.Start))
        {
            text = $"{text[..span.Start]}{VclLiteral.String(host)}{OriginBlind.Mark}{text[span.End..]}";
        }

        return text;
    }
}
