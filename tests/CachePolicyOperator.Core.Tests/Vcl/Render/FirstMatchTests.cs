using System.Text.RegularExpressions;
using CachePolicyOperator.Core.Model;
using CachePolicyOperator.Core.Vcl.Render;

namespace CachePolicyOperator.Core.Tests.Vcl.Render;

/// <summary>
/// Of rules that overlap the first decides, also where they are so many that they are asked in pieces.
/// </summary>
public sealed class FirstMatchTests(VarnishRig rig) : IClassFixture<VarnishRig>
{
    private static readonly string[] Forms =
    [
        "prefix /s{0}/a{1}", "template /s{0}/{{x}}/p{1}", "path /s{0}/a{1}/p{1}", "regex p{1}$", "prefix /s{0}",
            "regex ^/s[{0}-9]/a", "path /s{0}/a{1}",
    ];

    private static readonly string Policy = string.Join('\n', Enumerable.Range(0, 100).Select(i =>
        $"rule r{i} {string.Format(Forms[i * 5 % Forms.Length], i * 7 % 10, i * 3 % 8)} "
            + (i % 9 == 4 ? "pass" : $"ttl {1_000 + (100 * i)}s{(i % 2 == 0 ? " query q" : "")}")));

    [Fact]
    public async Task The_first_rule_that_matches_decides_how_long_and_with_what_query()
    {
        var rules = PolicyText.Parse($"host www.example.com\n{Policy}").Policy.Rules;
        Assert.InRange(RuleGroups.ByStoring(rules.Items).Count, 41, 100);
        var site = await rig.ServeAsync(Policy);
        site.GreetsEveryonePublicly();
        for (var i = 0; i < 60; i++)
        {
            var path = $"/s{i % 10}" + (i % 3 == 0 ? "" : $"/a{i * 7 % 8}") + (i % 4 == 0 ? "" : $"/p{i * 5 % 8}");
            var first = rules.Items.FirstOrDefault(rule => Matches(rule, path));

            var status = (await site.GetAsync($"{path}?q={i}&other=1")).CacheStatus();

            if (first?.Caching is not { } caching)
            {
                Assert.Equal($"cachepolicy; fwd=bypass; detail={(first is null ? "no-rule" : "rule")}", status);
                continue;
            }

            var ttl = int.Parse(status.Split("; stored; ttl=")[1]);
            Assert.InRange(caching.Ttl!.Value.ToTimeSpan().TotalSeconds - ttl, 0, 60);
            Assert.Equal(caching.Key.Query.Names.Count > 0 ? $"{path}?q={i}" : path, site.Fetches[^1].Target);
            await rig.Varnish.AdminAsync("ban", "obj.status", "!=", "0");
        }
    }

    private static bool Matches(Rule rule, string path) =>
        PathTest.Conditions([rule]).Any(c => c.Paths.Any(p => Regex.IsMatch(path, p)));
}
