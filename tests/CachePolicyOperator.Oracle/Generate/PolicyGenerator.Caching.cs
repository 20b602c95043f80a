using System.Text.Json.Nodes;

namespace CachePolicyOperator.Oracle.Generate;

/// <summary>How long rules store, for whom, and what is in their keys.</summary>
internal sealed partial class PolicyGenerator
{
    private static readonly string[] Times = ["10s", "1m", "10m", "1h"];

    private JsonObject Caching(JsonObject match, bool isProbed)
    {
        var isOfOrigin = dice.OneIn(2);
        var ignores = dice.OneIn(2);
        return Map(
            ("ttl", isOfOrigin ? "FromOrigin" : dice.Of(Times)),
            ("maxTtl", isOfOrigin && dice.OneIn(2) ? dice.Of("30m", "2h") : null),
            ("minTtl", isOfOrigin && dice.OneIn(3) ? dice.Of("5s", "2m") : null),
            ("defaultTtl", isOfOrigin && dice.OneIn(2) ? dice.Of(Times) : null),
            ("statusTtls", dice.OneIn(3) ? StatusTtls() : null),
            ("grace", dice.OneIn(2) ? dice.Of("5s", "1m") : null),
            ("graceIfSick", (isProbed || IsMistaken()) && dice.OneIn(3) ? "2h" : null),
            ("keep", dice.OneIn(3) ? "1h" : null),
            ("identity", ignores ? "Ignore" : dice.OneIn(2) ? "Pass" : null),
            ("compress", dice.OneIn(4) ? true : null),
            ("esi", dice.OneIn(3) ? true : null),
            ("bypass", dice.OneIn(3) ? Bypass(ignores) : null),
            ("key", dice.OneIn(3) && !match.ContainsKey("headers") ? null : Key(match)));
    }

    private JsonArray StatusTtls() =>
        new([.. Some(200, 301, 308, 404, 410).Select(s => Map(("status", s), ("ttl", dice.Of("0s", "7s", "1h"))))]);

    private JsonObject? Bypass(bool ignores) => Map(
        ("cookies", dice.OneIn(2) ? Brought(ignores && IsMistaken() ? [("session", "1")] : Cookies) : null),
        ("headers", dice.OneIn(2) ? Brought(Headers) : null),
        ("query", dice.OneIn(2) ? Brought(Parameters) : null)) is { Count: > 0 } bypass ? bypass : null;

    private JsonObject Key(JsonObject match) => Map(
        ("query", Query(match.ContainsKey("query"))),
        ("headers", KeyHeaders([.. (match["headers"] as JsonArray ?? []).Select(h => h!["name"]!.GetValue<string>())])),
        ("cookies", dice.OneIn(3) ? new JsonArray([.. KeyCookies()]) : null),
        ("devices", dice.OneIn(4) ? Devices() : null));

    private JsonNode? Query(bool isMatched) => dice.Below(isMatched ? 3 : 5) switch
    {
        0 => null,
        1 => Map(("except", List(isMatched ? ["gclid"] : Some("gclid", "utm_*", "b")))),
        2 => Map(("only", List(isMatched ? ["page", "id", "preview"] : Some("id", "page", "v", "b")))),
        3 => List(["id"]),
        _ => "None",
    };

    // What a rule is matched by is in its key; without, it is a mistake that a diagnostic tells.
    private JsonArray? KeyHeaders(string[] matched)
    {
        var headers = new JsonArray();
        foreach (var name in matched.Concat(dice.OneIn(4) ? ["X-Variant"] : Array.Empty<string>())
            .Where(_ => !IsMistaken()))
        {
            headers.Add(name);
        }

        if (dice.OneIn(3))
        {
            headers.Add(Map(("name", "Accept-Language"), ("choose", List(Some("ja", "en", "de"))), ("default", "en")));
        }

        if (IsMistaken())
        {
            headers.Add(dice.Of("Authorization", "Cookie", "X-Api-Key", "Host"));
        }

        return headers.Count == 0 ? null : headers;
    }

    private IEnumerable<JsonNode> KeyCookies()
    {
        foreach (var (name, values) in Some<(string, string[])>(("lang", ["ja", "en"]), ("currency", ["jpy", "usd"]),
            ("vip", ["1"])))
        {
            yield return Map(("name", name), ("values", List(values)), ("otherwise", dice.Of(values[0], "none")));
        }

        if (IsMistaken())
        {
            yield return Map(("name", "session"), ("values", List(["1"])), ("otherwise", "none"));
        }
    }

    private JsonArray Devices() => new(
    [
        .. Some(("tablet", "iPad|Tablet"), ("mobile", "Mobi|Android"), ("old", @"MSIE [0-9]\."))
            .Select(d => Map(("name", d.Item1), ("userAgent", d.Item2))),
        Map(("name", "desktop")),
    ]);
}
