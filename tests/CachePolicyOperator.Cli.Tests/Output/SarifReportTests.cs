using System.Text.Json;
using CachePolicyOperator.Cli.Tests.Vcl;

namespace CachePolicyOperator.Cli.Tests.Output;

public sealed class SarifReportTests
{
    [Fact]
    public async Task A_leak_is_a_result_with_rule_region_and_code_flow()
    {
        using var sarif = JsonDocument.Parse((await VclText.VerifyAsync(VclText.Leaking, "-o", "sarif")).Out);

        var run = Assert.Single(sarif.RootElement.GetProperty("runs").EnumerateArray());
        Assert.Equal("2.1.0", sarif.RootElement.GetProperty("version").GetString());
        Assert.Contains("sarif-2.1.0", sarif.RootElement.GetProperty("$schema").GetString(), StringComparison.Ordinal);
        Assert.Equal("cachepolicy", run.GetProperty("tool").GetProperty("driver").GetProperty("name").GetString());

        var result = run.GetProperty("results").EnumerateArray()
            .First(r => r.GetProperty("ruleId").GetString() == "personal/cacheable");
        Assert.Equal("error", result.GetProperty("level").GetString());
        Assert.Contains("GET /mypage", result.GetProperty("message").GetProperty("text").GetString(),
            StringComparison.Ordinal);
        var physical = result.GetProperty("locations")[0].GetProperty("physicalLocation");
        Assert.Equal("stdin", physical.GetProperty("artifactLocation").GetProperty("uri").GetString());
        var region = physical.GetProperty("region");
        Assert.Equal((7, 9, 23),
            (region.GetProperty("startLine").GetInt32(), region.GetProperty("startColumn").GetInt32(),
            region.GetProperty("endColumn").GetInt32()));
        var steps = result.GetProperty("codeFlows")[0].GetProperty("threadFlows")[0].GetProperty("locations");
        Assert.Equal("if (req.url ~ \"^/my\")",
            steps[0].GetProperty("location").GetProperty("message").GetProperty("text").GetString());
        Assert.Equal(6,
            steps[0].GetProperty("location").GetProperty("physicalLocation").GetProperty("region")
            .GetProperty("startLine").GetInt32());
    }

    [Theory]
    [InlineData(VclText.Leaking)]
    [InlineData("sub vcl_recv {")]
    [InlineData("")]
    public async Task Every_result_has_what_the_standard_asks_for(string vcl)
    {
        using var sarif = JsonDocument.Parse((await VclText.VerifyAsync(vcl, "-o", "sarif")).Out);

        var run = sarif.RootElement.GetProperty("runs")[0];
        var rules = run.GetProperty("tool").GetProperty("driver").GetProperty("rules");
        Assert.Equal(rules.GetArrayLength(),
            rules.EnumerateArray().Select(r => r.GetProperty("id").GetString()).Distinct().Count());
        Assert.NotEmpty(run.GetProperty("results").EnumerateArray());
        foreach (var result in run.GetProperty("results").EnumerateArray())
        {
            Assert.Equal(result.GetProperty("ruleId").GetString(),
                rules[result.GetProperty("ruleIndex").GetInt32()].GetProperty("id").GetString());
            Assert.NotEqual("", result.GetProperty("message").GetProperty("text").GetString());
            foreach (var location in Locations(result))
            {
                var physical = location.GetProperty("physicalLocation");
                Assert.True(
                    Uri.IsWellFormedUriString(physical.GetProperty("artifactLocation").GetProperty("uri").GetString(),
                    UriKind.RelativeOrAbsolute));
                Assert.True(!physical.TryGetProperty("region", out var region)
                    || region.GetProperty("startLine").GetInt32() > 0);
            }
        }
    }

    [Fact]
    public async Task A_policy_has_lines_in_its_file_and_an_unreadable_file_is_no_success()
    {
        using var refuted = JsonDocument.Parse(
            (await CliRun.OfAsync("verify", "-f", Repository.Example("mistake-of-2018.yaml"), "-o", "sarif")).Out);
        using var missing =
            JsonDocument.Parse((await CliRun.OfAsync("verify", "-f", "no such file.yaml", "-o", "sarif")).Out);

        var result = Assert.Single(
            refuted.RootElement.GetProperty("runs")[0].GetProperty("results").EnumerateArray(), r =>
                r.GetProperty("level").GetString() == "error");
        Assert.True(result.GetProperty("locations")[0].GetProperty("physicalLocation").GetProperty("region")
            .GetProperty("startLine").GetInt32() > 10);
        Assert.StartsWith("file:///",
            result.GetProperty("locations")[0].GetProperty("physicalLocation").GetProperty("artifactLocation")
            .GetProperty("uri").GetString(), StringComparison.Ordinal);
        Assert.False(missing.RootElement.GetProperty("runs")[0].GetProperty("invocations")[0]
            .GetProperty("executionSuccessful").GetBoolean());
    }

    private static IEnumerable<JsonElement> Locations(JsonElement result) =>
        result.GetProperty("locations").EnumerateArray().Concat(
            result.TryGetProperty("codeFlows", out var flows)
                ? flows[0].GetProperty("threadFlows")[0].GetProperty("locations").EnumerateArray()
                    .Select(l => l.GetProperty("location"))
                : []);
}
