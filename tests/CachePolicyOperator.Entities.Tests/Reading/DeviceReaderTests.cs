using CachePolicyOperator.Core;
using CachePolicyOperator.Core.Model;
using CachePolicyOperator.Entities.Reading;

namespace CachePolicyOperator.Entities.Tests.Reading;

public sealed class DeviceReaderTests
{
    [Fact]
    public void Classes_of_devices_are_read()
    {
        var read = Read(
            "devices: [{name: tablet, userAgent: \"(?i)ipad\"}, {name: mobile, userAgent: Mobi}, {name: desktop}], "
                + "cookies: [{name: lang, values: [ja], otherwise: en}]");

        Assert.Empty(read.Diagnostics.Items);
        Assert.Equal<EquatableList<KeyChoice>>(
            [
                new KeyChoice(ChoiceOf.Device, "user-agent", ["tablet", "mobile"],
                    "desktop") { Patterns = ["(?i)ipad", "Mobi"] },
                new KeyChoice(ChoiceOf.Cookie, "lang", ["ja"], "en"),
            ],
            read.Value!.Rules[0].Caching!.Key.Choices);
    }

    [Theory]
    [InlineData("devices: []", "field/empty", "devices")]
    [InlineData("devices: [{name: desktop}]", "key/no-others", "devices[0]")]
    [InlineData("devices: [{name: mobile, userAgent: Mobi}]", "key/no-others", "devices[0]")]
    [InlineData("devices: [{name: mobile, userAgent: Mobi}, {name: desktop, userAgent: .}]", "key/no-others",
        "devices[1]")]
    [InlineData("devices: [{name: mobile}, {name: desktop}]", "field/missing", "devices[0].userAgent")]
    [InlineData("devices: [{userAgent: Mobi}, {name: desktop}]", "field/missing", "devices[0].name")]
    [InlineData("devices: [{name: mobile, userAgent: Mobi}, {name: mobile}]", "name/duplicate", "devices[1].name")]
    [InlineData("devices: [{name: a phone, userAgent: Mobi}, {name: desktop}]", "value/invalid", "devices[0].name")]
    [InlineData("devices: [{name: mobile, userAgent: \"(\"}, {name: desktop}]", "route/regex", "devices[0].userAgent")]
    [InlineData("devices: [{name: mobile, pattern: Mobi}, {name: desktop}]", "field/unknown", "devices[0].pattern")]
    [InlineData("devices: [{name: mobile, userAgent: Mobi}, {name: desktop}], headers: [User-Agent]", "field/conflict",
        "devices")]
    [InlineData(
        "devices: [{name: mobile, userAgent: Mobi}, {name: desktop}], headers: [{name: User-Agent, choose: [a], "
            + "default: b}]", "field/conflict", "devices")]
    public void What_is_wrong_with_them_is_told(string key, string code, string path)
    {
        var read = Read(key);

        Assert.Null(read.Value);
        Assert.Contains(read.Diagnostics.Items,
            d => d.Code == code && d.Path == $"spec.rules[0].cache.key.{path}" && d.Help is not null);
    }

    private static ReadResult<Policy> Read(string key) => PolicyReader.Read(
        Written.WithRules($"    - {{name: a, match: {{path: /a}}, cache: {{ttl: 1h, key: {{{key}}}}}}}\n"),
            NoConfigMaps.Instance);
}
