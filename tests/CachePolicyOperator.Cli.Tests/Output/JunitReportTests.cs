using System.Xml.Linq;
using CachePolicyOperator.Cli.Tests.Vcl;
using CachePolicyOperator.Core.Verification.Questions;

namespace CachePolicyOperator.Cli.Tests.Output;

public sealed class JunitReportTests
{
    [Fact]
    public async Task A_proof_is_one_passed_test_case_a_property()
    {
        var suite = Suite(await VclText.VerifyAsync(VclText.Safe, "-o", "junit"));

        Assert.Equal(VclVerifier.PropertyCodes.Items, Cases(suite).Select(c => (string)c.Attribute("name")!));
        Assert.Equal((0, 0), ((int)suite.Attribute("failures")!, (int)suite.Attribute("skipped")!));
        Assert.DoesNotContain(Cases(suite).Elements(), e => e.Name != "system-out");
    }

    [Fact]
    public async Task A_leak_is_a_failure_with_the_whole_story()
    {
        var suite = Suite(await VclText.VerifyAsync(VclText.Leaking, "-o", "junit"));

        var failure = Cases(suite).Single(c => (string)c.Attribute("name")! == "personal/cacheable")
            .Element("failure")!;
        Assert.Equal("a request to a personal route is looked up in the shared cache",
            (string)failure.Attribute("message")!);
        Assert.Contains("GET /mypage", failure.Value, StringComparison.Ordinal);
        Assert.Equal(Cases(suite).Count(), (int)suite.Attribute("tests")!);
        Assert.Equal(Cases(suite).Count(c => c.Element("failure") is not null), (int)suite.Attribute("failures")!);
    }

    [Theory]
    [InlineData("sub vcl_recv {")]
    [InlineData("vcl 4.1; backend d none; C{ \u0001 }C")]
    public async Task What_could_not_be_decided_has_not_passed(string vcl)
    {
        var suite = Suite(await VclText.VerifyAsync(vcl, "-o", "junit"));

        Assert.All(Cases(suite),
            c => Assert.True(c.Element("failure") is not null || c.Element("skipped") is not null));
        Assert.True((int)suite.Attribute("failures")! > 0);
    }

    private static XElement Suite(CliRun run) => XDocument.Parse(run.Out).Root!.Elements("testsuite").Single();

    private static IEnumerable<XElement> Cases(XElement suite) => suite.Elements("testcase");
}
