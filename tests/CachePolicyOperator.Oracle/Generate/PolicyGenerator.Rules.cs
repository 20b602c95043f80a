using System.Text.Json.Nodes;

namespace CachePolicyOperator.Oracle.Generate;

/// <summary>What rules match, and what they answer by themselves.</summary>
internal sealed partial class PolicyGenerator
{
    private const int AnswerEach = 8;
    private const int PassEach = 6;
    private const int NotCached = 3;

    private static readonly (string Form, string Path)[] Paths =
    [
        ("pathPrefix", "/static"), ("pathPrefix", "/news"), ("pathPrefix", "/a"), ("pathPrefix", "/de"),
            ("pathPrefix", "/en"),
        ("pathPrefix", "/foo"), ("path", "/"), ("path", "/x"), ("path", "/a/b"), ("path", "/static/logo.png"),
        ("template", "/news/{id}"), ("template", "/shop/{id}/x"), ("regex", "^/funds(/[0-9]+)?$"),
            ("regex", "^/[a-z]/b$"),
        ("regex", @"^/static/.*\.css$"), ("regex", "^/(de|en)/"), ("pathPrefix", "/"),
    ];

    private static readonly (string Name, string Value)[] Headers =
        [("X-Version", "^[12]$"), ("Accept", "json"), ("X-Preview", "."), ("X-Forwarded-Proto", "^http$")];

    private static readonly (string Name, string Value)[] Cookies = [
        ("preview", "^1$"), ("basket_*", "[1-9]"), ("lang", "^en$")];

    private static readonly (string Name, string Value)[] Parameters = [
        ("page", "^[0-9]+$"), ("id", "^7$"), ("preview", "."), ("utm_*", "x")];

    private JsonObject Rule(string name)
    {
        var kind = dice.OneIn(AnswerEach) ? "synthetic" : dice.OneIn(PassEach) ? "pass" : "cache";
        var match = Match(kind == "cache");
        var origin = kind != "synthetic" && _origins.Count > 0 && dice.OneIn(2) ? dice.Of(_origins) : null;
        return Map(
            ("name", name),
            ("match", match),
            ("origin", origin),
            ("upgrade", kind == "pass" && dice.OneIn(2) ? "WebSocket" : null),
            ("cache", kind == "cache" ? Caching(match, _probed.Contains(origin ?? Default)) : null),
            ("synthetic", kind == "synthetic" ? Synthetic() : null),
            ("response", dice.OneIn(4) ? Response() : null));
    }

    private JsonObject Match(bool isCached)
    {
        var match = dice.OneIn(5) ? Map(("paths", new JsonArray([.. Some(Paths).Take(3).Select(Path)])))
            : Path(dice.Of(Paths));
        if (dice.OneIn(4))
        {
            match["hosts"] = List(dice.OneIn(3) ? [.. TwinHosts] : ["www.example.com", .. TwinHosts]);
        }

        if (isCached ? dice.OneIn(8) : dice.OneIn(3))
        {
            match["methods"] =
                List(isCached ? dice.Of<string[]>(["GET"], ["GET", "HEAD"]) : Some("GET", "HEAD", "POST", "PUT"));
        }

        // A rule that caches is matched by little else.
        var some = isCached ? NotCached * 2 : NotCached;
        Add("headers", dice.OneIn(some) ? Brought(Headers) : null);
        Add("query", dice.OneIn(some) ? Brought(isCached ? Parameters[..^1] : Parameters) : null);
        Add("cookies", (isCached ? IsMistaken() : dice.OneIn(NotCached)) ? Brought(Cookies) : null);
        return match;

        void Add(string field, JsonArray? brought)
        {
            if (brought is not null)
            {
                match[field] = brought;
            }
        }
    }

    private JsonObject Path((string Form, string Path) path)
    {
        var match = IsMistaken() && dice.OneIn(4) ? Map(("pathPrefix", "/mypage")) : Map((path.Form, path.Path));
        if (path.Form == "pathPrefix" && dice.OneIn(3))
        {
            match["extensions"] = List(Some("css", "js", "png", "json"));
        }

        return match;
    }

    private JsonArray Brought((string Name, string Value)[] of) =>
        new([.. Some(of).Take(2).Select(b => Map(("name", b.Name), ("value", dice.OneIn(2) ? b.Value : null)))]);

    private JsonObject Synthetic()
    {
        var status = dice.Of(301, 302, 303, 307, 308, 200, 204, 400, 403, 404, 410, 429, 451, 503);
        if (status is > 300 and < 309)
        {
            var keeps = dice.OneIn(2);
            return Map(
                ("status", status),
                ("location", keeps ? "https://other.example.com"
                    : dice.Of("/moved", "https://other.example.com/a?b=c")),
                ("keepTarget", keeps ? true : null));
        }

        return Map(
            ("status", status),
            ("reason", dice.OneIn(3) ? "As it is" : null),
            ("body", status != 204 && dice.OneIn(2)
                ? dice.Of("<h1>Back soon</h1>\n", "gone", "a \"quoted\" word\"} behind") : null),
            ("retryAfter", status is 429 or 503 && dice.OneIn(2) ? "5m" : null));
    }
}
