using CachePolicyOperator.Core;
using CachePolicyOperator.Core.Diagnostics;
using CachePolicyOperator.Core.Model;
using CachePolicyOperator.Entities.Reading;

namespace CachePolicyOperator.Entities.Tests.Reading;

public sealed class NamedOriginReaderTests
{
    private const string Service = "service: {name: api, port: 9090}";
    private const string Whole = $"name: api, {Service}, coveredByDefault: true";

    [Fact]
    public void Origins_and_the_rules_that_name_them_are_read()
    {
        var read = Read(
            $"[{{{Whole}, host: API.example.com, profile: [nginx, express], connectTimeout: 1s, maxConnections: 4, probe: {{path: /up}}}}]",
            "{name: a, match: {path: /a}, cache: {ttl: 1h}, origin: api}, {name: b, match: {path: /b}, origin: api}, "
                + "{name: c, match: {path: /c}}");

        Assert.Empty(read.Diagnostics.Items);
        var origin = Assert.Single(read.Value!.Origins.Items);
        Assert.Equal(("api", true, new HostName("api.example.com")),
            (origin.Name, origin.IsCovered, origin.Host!.Value));
        Assert.Equal(("api", 9090), (origin.Origin.Service, origin.Origin.Port));
        Assert.Equal<EquatableList<string>>(["nginx", "express"], origin.Origin.Profiles);
        Assert.Equal((Duration.FromSeconds(1), 4),
            (origin.Origin.Connection.ConnectTimeout, origin.Origin.Connection.MaxConnections));
        Assert.Equal("/up", origin.Origin.Probe!.Path);
        Assert.Equal(["api", "api", null], read.Value.Rules.Items.Select(r => r.Origin));
        Assert.Equal<EquatableList<string>>(["strict", "or", "nginx", "express"], read.Value.Profiles);
    }

    [Theory]
    [InlineData($"[{{{Service}, coveredByDefault: true}}]", "field/missing", "spec.origins[0].name")]
    [InlineData("[{name: api, coveredByDefault: true}]", "field/missing", "spec.origins[0].service")]
    [InlineData($"[{{name: api, {Service}}}]", "field/missing", "spec.origins[0].coveredByDefault")]
    [InlineData($"[{{name: api, {Service}, coveredByDefault: maybe}}]", "field/type",
        "spec.origins[0].coveredByDefault")]
    [InlineData($"[{{name: Api, {Service}, coveredByDefault: true}}]", "name/invalid", "spec.origins[0].name")]
    [InlineData($"[{{name: \"0\", {Service}, coveredByDefault: true}}]", "name/invalid", "spec.origins[0].name")]
    [InlineData($"[{{{Whole}}}, {{{Whole}}}]", "name/duplicate", "spec.origins[1].name")]
    [InlineData($"[{{{Whole}, host: \"https://x\"}}]", "host/invalid", "spec.origins[0].host")]
    [InlineData($"[{{{Whole}, host: \"*.example.com\"}}]", "host/wildcard", "spec.origins[0].host")]
    [InlineData($"[{{{Whole}, profile: sprig5}}]", "profile/unknown", "spec.origins[0].profile")]
    [InlineData($"[{{{Whole}, profile: or}}]", "profile/unknown", "spec.origins[0].profile")]
    [InlineData($"[{{{Whole}, probe: {{path: up}}}}]", "probe/path", "spec.origins[0].probe.path")]
    [InlineData($"[{{{Whole}, connectTimeout: 0s}}]", "field/range", "spec.origins[0].connectTimeout")]
    [InlineData($"[{{{Whole}, covered: true}}]", "field/unknown", "spec.origins[0].covered")]
    [InlineData("[{name: api, service: {name: storefront-entry, port: 80}, coveredByDefault: true}]",
        "entrypoint/is-origin", "spec.entrypoints")]
    public void What_is_wrong_with_an_origin_is_told(string origins, string code, string path)
    {
        var read = Read(origins, "{name: a, match: {path: /a}, origin: api}");

        Assert.Null(read.Value);
        Assert.Contains(read.Diagnostics.Items, d => d.Code == code && d.Path == path && d.Help is not null);
    }

    [Theory]
    [InlineData("[]", "origin: api", "origin/unknown", "spec.origins")]
    [InlineData($"[{{{Whole}}}]", "origin: apu", "origin/unknown", "did you mean `api`")]
    [InlineData($"[{{{Whole}}}]", "origin: 7", "field/type", "quotes")]
    [InlineData($"[{{{Whole}}}]", "origin: api, synthetic: {status: 404}", "field/conflict", "`origin` or `synthetic`")]
    public void What_is_wrong_with_the_origin_of_a_rule_is_told(string origins, string rule, string code, string help)
    {
        var read = Read(origins, $"{{name: a, match: {{path: /a}}, {rule}}}");

        Assert.Null(read.Value);
        Assert.Contains(read.Diagnostics.Items,
            d => d.Code == code && d.Path == "spec.rules[0].origin"
            && d.Help!.Contains(help, StringComparison.Ordinal));
    }

    [Fact]
    public void An_origin_that_stands_in_is_read()
    {
        const string Far = $"name: far, {Service}";
        var read = Read($"[{{{Whole}, probe: {{path: /up}}, standby: far}}, {{{Far}}}]",
            "{name: a, match: {path: /a}, origin: api}");
        var ofDefault = PolicyReader.Read(
            Written.Document(
                $"{Written.Policy.Replace("8080}}", "8080}, probe: {path: /up}, standby: far}", StringComparison.Ordinal)}  origins: [{{{Far}}}]\n  rules: [{{name: a, match: {{path: /a}}}}]\n"),
            NoConfigMaps.Instance);

        Assert.Empty(read.Diagnostics.Items);
        Assert.Equal("far", read.Value!.Origins[0].Origin.Standby);
        Assert.Empty(ofDefault.Diagnostics.Items);
        Assert.Equal("far", ofDefault.Value!.Origin.Standby);
    }

    [Theory]
    [InlineData("standby: far", "", "origin/standby", "probe")]
    [InlineData("standby: fat, probe: {path: /up}", "", "origin/unknown", "did you mean `far`")]
    [InlineData("standby: api, probe: {path: /up}", "", "origin/standby", "has none")]
    [InlineData("standby: far, probe: {path: /up}", "standby: api, probe: {path: /up}", "origin/standby", "has none")]
    [InlineData("standby: far, probe: {path: /up}, host: a.example.com", "", "origin/standby", "the same `host`")]
    [InlineData("standby: far, probe: {path: /up}", "host: a.example.com", "origin/standby", "the same `host`")]
    public void What_is_wrong_with_who_stands_in_is_told(string api, string far, string code, string help)
    {
        var read =
            Read($"[{{{Whole}, {api}}}, {{name: far, {Service}, {far}}}]", "{name: a, match: {path: /a}, origin: api}");

        Assert.Null(read.Value);
        Assert.Contains(read.Diagnostics.Items,
            d => d.Code == code && d.Path == "spec.origins[0].standby"
            && d.Help!.Contains(help, StringComparison.Ordinal));
    }

    [Fact]
    public void An_origin_that_no_rule_asks_is_warned_of()
    {
        var read = Read($"[{{{Whole}}}]", "{name: a, match: {path: /a}}");

        Assert.NotNull(read.Value);
        Assert.Contains(read.Diagnostics.Items,
            d => d is { Code: "origin/unused", Severity: Severity.Warning, Path: "spec.origins[0]", Help: not null });
    }

    [Fact]
    public void An_origin_that_nothing_answers_for_without_a_cache_is_warned_of()
    {
        var read =
            Read($"[{{name: api, {Service}, coveredByDefault: false}}]", "{name: a, match: {path: /a}, origin: api}");

        Assert.False(Assert.Single(read.Value!.Origins.Items).IsCovered);
        Assert.Contains(read.Diagnostics.Items,
            d => d is
            {
                Code: "origin/not-covered", Severity: Severity.Warning,
                Path: "spec.origins[0].coveredByDefault", Help: not null
            });
    }

    [Fact]
    public void Beside_hand_written_VCL_there_are_no_origins()
    {
        var read = PolicyReader.Read(
            Written.Document($"{Written.Policy}  origins: [{{{Whole}}}]\n  vcl: {{inline: \"vcl 4.1;\"}}\n"),
                NoConfigMaps.Instance);

        Assert.Null(read.Value);
        Assert.Contains(read.Diagnostics.Items,
            d => d is { Code: "field/conflict", Path: "spec.origins", Help: not null });
    }

    private static ReadResult<Policy> Read(string origins, string rules) =>
        PolicyReader.Read(Written.Document($"{Written.Policy}  origins: {origins}\n  rules: [{rules}]\n"),
            NoConfigMaps.Instance);
}
