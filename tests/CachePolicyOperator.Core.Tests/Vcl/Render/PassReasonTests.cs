using System.Text.RegularExpressions;
using CachePolicyOperator.Core.Vcl.Render;
using CachePolicyOperator.Core.Vcl.Syntax;

namespace CachePolicyOperator.Core.Tests.Vcl.Render;

public sealed partial class PassReasonTests
{
    private static readonly string Rendered = VclRenderer.Render(
        PolicyText.Parse("""
            host www.example.com
            personal prefix /mypage
            identity query access_token
            profile wordpress
            rule news prefix /news ttl 30s query v
            rule blog prefix /blog ttl 30s query * bypass-cookie basket
            rule old prefix /old pass
            """),
        new RenderTarget("192.0.2.1", 8080, RenderTarget.DefaultEngineVersion));

    [Fact]
    public void Every_reason_that_a_rendered_VCL_gives_has_its_sentence()
    {
        var written = Written().Matches(Rendered).Select(m => m.Groups[1].Value).Distinct();

        Assert.Equal(PassReason.All.Select(r => r.Status).Order(StringComparer.Ordinal),
            written.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Every_condition_that_passes_a_request_is_found_with_its_reason()
    {
        var lines = Rendered.Split('\n');
        var conditions = PassConditions.Of(VclParser.Parse("rendered.vcl", Rendered).File);

        Assert.Equal(
            Enumerable.Range(0, lines.Length - 1)
                .Where(i => Written().IsMatch(lines[i]) && lines[i + 1].Trim() == "return (pass);"),
            conditions.Keys.Where(c => !lines[c].TrimStart().StartsWith("if (", StringComparison.Ordinal)).Order());
        // Of one that is asked within another, both are of its reason.
        Assert.All(conditions, c => Assert.Contains(
            $"\"{c.Value.Status}\"", lines[conditions.ContainsKey(c.Key + 1) ? c.Key + 1 : c.Key],
                StringComparison.Ordinal));
    }

    [GeneratedRegex("set req\\.http\\.X-CachePolicy-Why = \"([^\"]*)\";")]
    private static partial Regex Written();
}
