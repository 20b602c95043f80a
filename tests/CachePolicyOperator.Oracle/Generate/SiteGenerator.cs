using CachePolicyOperator.Oracle.Fuzz;

namespace CachePolicyOperator.Oracle.Generate;

/// <summary>
/// Writes long VCL out of what real configurations are made of: trackers and cookies taken away, device classes,
/// sections, restarts and retries on errors, grace. Left alone most of it can be proven; now and then something is
/// slipped in that tells who asks.
/// </summary>
internal sealed class SiteGenerator(Dice dice)
{
    private static readonly string[] Receiving =
    [
        """if (req.url ~ "[?&](utm_[a-z]+|gclid)=") { set req.url = regsuball(req.url, "(utm_[a-z]+|gclid)=[^&]*&?", ""); set req.url = regsub(req.url, "[?&]$", ""); }""",
        """set req.url = regsub(req.url, "#.*$", "");""",
        "set req.url = std.querysort(req.url);",
        """set req.http.Host = regsub(std.tolower(req.http.Host), ":[0-9]+$", "");""",
        """if (req.http.Upgrade ~ "(?i)websocket") { return (pipe); }""",
        """if (req.url ~ "^/(cart|checkout|account)(/|$)") { return (pass); }""",
        """if (req.http.Cache-Control ~ "no-cache" && req.restarts == 0) { set req.hash_always_miss = true; }""",
        """if (std.healthy(req.backend_hint)) { set req.grace = 10s; } else { set req.grace = 6h; }""",
        """if (req.http.User-Agent ~ "(?i)mobile|android") { set req.http.X-Device = "phone"; } else { set req.http.X-Device = "desk"; }""",
        """set req.http.X-Lang = "en"; if (req.http.Accept-Language ~ "^(de|fr)") { set req.http.X-Lang = regsub(req.http.Accept-Language, "^(de|fr).*$", "\1"); }""",
        """set req.http.Cookie = regsuball(req.http.Cookie, "(^|; ) *(_ga|_gid|__utm[a-z]+)=[^;]*", "");""",
        """if (req.http.Cookie ~ "^\s*$") { unset req.http.Cookie; }""",
        """unset req.http.X-Forwarded-Host; unset req.http.X-Original-URL; unset req.http.Forwarded;""",
        """if (req.http.X-Purge) { return (purge); }""",
        """if (req.restarts > 0) { set req.http.X-Again = req.restarts; } else { unset req.http.X-Again; }""",
        """if (req.esi_level > 0) { set req.http.X-Part = "1"; } else { unset req.http.X-Part; }""",
        """if (req.url ~ "^/news") { set req.backend_hint = other; set req.http.X-Backend = "other"; } else { unset req.http.X-Backend; }""",
        """if (req.http.User-Agent ~ "(?i)ipad|tablet") { set req.http.User-Agent = "tablet"; } elseif (req.http.User-Agent ~ "Mobi|Android") { set req.http.User-Agent = "mobile"; } else { set req.http.User-Agent = "desktop"; }""",
        """if (req.url ~ "\?") { set req.http.X-Query = regsub(req.url, "^[^?]*\?", ""); } else { unset req.http.X-Query; }""",
    ];

    // Where a script of another site asks.
    private static readonly string[] Sharing =
    [
        "std.collect(req.http.Origin); if (req.http.Origin) { set req.http.X-Origin = req.http.Origin; }",
        """if (req.method == "OPTIONS" && req.http.Origin && req.http.Access-Control-Request-Method) { set req.http.X-Shown = "2"; return (synth(204, "No Content")); }""",
        "unset req.http.Origin;", """if (req.url ~ "^/news") { set req.http.X-Shown = "1"; }""",
    ];

    // What the VCL keeps of an identity, where nobody looks for it.
    private static readonly string[] Telling =
    [
        """if (req.http.Cookie ~ "vip=1") { set req.http.X-Kind = "vip"; } else { set req.http.X-Kind = "guest"; }""",
        """if (req.http.Cookie ~ "vip=1") { set req.http.X-Kind = "vip"; } else { unset req.http.X-Kind; }""",
        "set req.http.X-Kind = req.http.Cookie;",
        """set req.http.X-Kind = regsub(req.http.Cookie, "^.*session=([0-9]).*$", "\1");""",
        """if (req.http.Cookie ~ "vip=1") { unset req.http.X-Forwarded-For; }""",
        """if (req.http.Cookie ~ "vip=1") { unset req.http.User-Agent; unset req.http.Accept; }""",
        """if (req.http.Cookie ~ "vip=1") { set req.ttl = 77s; } else { set req.ttl = 60s; } if (req.ttl > 70s) { set req.http.X-Kind = "1"; }""",
        """set req.hash_ignore_busy = req.http.Cookie ~ "vip=1"; if (req.hash_ignore_busy) { set req.http.X-Kind = "vip"; }""",
        """if (req.http.Cookie ~ "vip=1") { set req.url = regsub(req.url, "$", "?vip"); }""",
        """set client.identity = req.http.Cookie; if (client.identity ~ "vip") { set req.http.X-Kind = "vip"; }""",
        """if (std.tolower(req.http.Cookie) ~ "vip=1") { set req.http.Accept-Encoding = "vip"; }""",
        """set req.http.X-Kind = std.integer(regsub(req.http.Cookie, "^.*session=([0-9]+).*$", "\1"), 0);""",
        """if (req.http.Cookie ~ "vip=1") { set req.http.Via = "1.1 vip"; }""",
        """if (req.http.X-Api-Key) { set req.http.X-Kind = "key"; unset req.http.X-Api-Key; }""",
    ];

    private static readonly string[] Cookies =
    [
        "unset req.http.Cookie;",
        "unset req.http.Cookie;",
        "unset req.http.Cookie;",
        "unset req.http.Cookie;",
        "unset req.http.Cookie;",
        """set req.http.Cookie = ";" + req.http.Cookie; set req.http.Cookie = regsuball(req.http.Cookie, "; +", ";"); set req.http.Cookie = regsuball(req.http.Cookie, ";(theme|lang)=", "; \1="); set req.http.Cookie = regsuball(req.http.Cookie, ";[^ ][^;]*", ""); set req.http.Cookie = regsuball(req.http.Cookie, "^[; ]+|[; ]+$", "");""",
        """set req.http.Cookie = regsub(req.http.Cookie, "^.*$", "");""",
        """if (req.http.Cookie !~ "^[a-z]+=[0-9a-f]+$") { return (pass); } set req.http.Cookie = regsub(req.http.Cookie, "^session=([0-9a-f]+)$", "u=1");""",
    ];

    private static readonly string[] Fetching =
    [
        "unset bereq.http.X-Device;", "set bereq.first_byte_timeout = 10s;", """set bereq.http.X-Front = "varnish";""",
            "unset bereq.http.X-Kind;",
        $"if (bereq.http.X-Kind) {{ unset bereq.http.{TestCluster.Engine.NumberField}; unset bereq.http.X-Kind; }}",
            "unset bereq.body;",
        """if (bereq.retries > 0) { unset bereq.http.X-Kind; }""",
            """if (bereq.http.X-Kind == "vip") { return (error(200, "vip")); }""",
        "if (bereq.http.X-Kind) { set bereq.first_byte_timeout = 5s; } unset bereq.http.X-Kind;",
        """set bereq.http.X-Forwarded-Host = bereq.http.Host; set bereq.http.Host = "api.internal";""",
    ];

    private static readonly string[] Responding =
    [
        """if (bereq.url ~ "\.(css|js|png)$") { set beresp.ttl = 1h; }""", "set beresp.grace = 6h;",
        """if (beresp.status >= 500 && bereq.retries == 0) { return (retry); }""",
            "if (beresp.status == 404) { set beresp.ttl = 10s; }",
        """if (beresp.http.Content-Type ~ "text") { set beresp.do_gzip = true; }""",
            """if (beresp.ttl <= 0s) { set beresp.ttl = 120s; set beresp.uncacheable = true; return (deliver); }""",
        "unset beresp.http.Server;", """set beresp.http.X-Url = bereq.url;""",
            """if (beresp.http.X-Esi) { set beresp.do_esi = true; }""",
        """if (bereq.retries == 0 && beresp.http.X-Role) { set bereq.http.X-Role = beresp.http.X-Role; return (retry); }""",
        """if (bereq.http.X-Forwarded-Host) { set bereq.http.Host = bereq.http.X-Forwarded-Host; } set beresp.http.X-Url = bereq.http.Host;""",
        """if (bereq.retries == 0) { if (beresp.ttl > 30s) { set bereq.http.X-Long = "1"; } return (retry); }""",
    ];

    private static readonly string[] Failing =
    [
        "set beresp.ttl = 10s; synthetic(\"sorry\"); return (deliver);", "if (bereq.retries < 2) { return (retry); }",
        "set beresp.ttl = 5s; if (bereq.http.X-Kind) { synthetic(\"dear member\"); } return (deliver);",
            "return (abandon);",
    ];

    private static readonly string[] Delivering =
    [
        """if (obj.hits > 0) { set resp.http.X-Cache = "HIT"; } else { set resp.http.X-Cache = "MISS"; }""",
        """if (resp.status == 503 && req.restarts == 0) { return (restart); }""", "unset resp.http.X-Url;",
        """if (req.restarts == 0 && resp.http.X-Role) { set req.http.X-Role = resp.http.X-Role; return (restart); }""",
        """if (req.http.X-Origin ~ "^(?:https://a\.example|https://b\.example:8443)\z") { set resp.http.Access-Control-Allow-Origin = req.http.X-Origin; }""",
        """unset resp.http.Access-Control-Allow-Origin; if (!resp.http.Vary) { set resp.http.Vary = "Origin"; } elseif (resp.http.Vary !~ "(?i)origin") { set resp.http.Vary = resp.http.Vary + ", Origin"; }""",
        """if (req.http.X-Shown == "1") { set resp.http.X-Frame-Options = "DENY"; unset resp.http.Server; } elseif (!req.http.X-Shown) { unset resp.http.X-Frame-Options; }""",
    ];

    public string Next()
    {
        var lines = new List<string>
        {
            "vcl 4.1;", "import std;", $"backend default {{ .host = \"127.0.0.1\"; .port = \"{Case.Port}\"; }}",
        };
        var early = Some(Receiving, 2, 6);
        var tells = dice.OneIn(2) ? Some(Telling, 1, 1) : [];
        lines.AddRange(
            ["sub tidy {", .. Indented(early), "}", "sub vcl_recv {", """    std.collect(req.http.Cookie, "; ");"""]);
        if (!dice.OneIn(12))
        {
            lines.Add(
                "    unset req.http.X-Kind; unset req.http.X-Role; unset req.http.X-Long;".Replace(dice.OneIn(8)
                ? "unset req.http.X-Role;" : "@", "", StringComparison.Ordinal));
        }

        if (!dice.OneIn(6))
        {
            lines.Add(
                """    if (req.url !~ "^/[a-z0-9/._?&=-]*$" || req.url ~ "//|/\.|^/(mypage|account)") { return (pass); }""");
        }

        lines.AddRange(Indented(dice.OneIn(4) ? Some(Sharing, 1, 4) : []));
        lines.AddRange(Indented(dice.OneIn(2) ? ["call tidy;", .. tells] : [.. tells, "call tidy;"]));
        lines.AddRange(Indented(
        [
            """if (req.method != "GET" && req.method != "HEAD") { return (pass); }""",
            """if (req.http.Authorization || req.http.X-Api-Key) { return (pass); }""",
        ]));
        foreach (var section in Some(
            ["^/static/[a-z0-9/]*\\.(css|js|png)$", "^/news/[0-9]+$", "^/(de|en)/$", "^/a/b(\\?id=[0-9]+)?$",
            "^/foo/[a-z]+\\.js$"], 1, 4))
        {
            lines.AddRange([$"    if (req.url ~ \"{section}\") {{",
                .. Indented(
                    Indented(
                    [dice.Of(Cookies), .. dice.OneIn(5) ? Some(Telling, 1, 1) : [],
                    "unset req.http.Proxy-Authorization;", "return (hash);"])), "    }"]);
        }

        lines.AddRange(["    return (pass);", "}"]);
        if (lines.Any(l => l.Contains("= other;", StringComparison.Ordinal)))
        {
            // Nothing can be read of who answers: it is one origin by two names.
            lines.Insert(3, lines[2].Replace("default", "other", StringComparison.Ordinal));
        }

        if (dice.OneIn(2))
        {
            lines.AddRange(
                ["sub vcl_hash {",
                .. Indented(
                [.. Some(
                ["hash_data(req.http.X-Device);", "hash_data(req.http.X-Lang);", "hash_data(req.http.User-Agent);",
                "if (req.http.X-Backend) { hash_data(req.http.X-Backend); }", "hash_data(req.http.X-Query);",
                """if (req.http.X-Kind) { hash_data(""); }""", "hash_data(req.http.X-Kind);"], 0, 3)]), "}"]);
        }

        Sub(lines, "vcl_miss", 5, ["unset req.http.X-Kind;", "set req.http.X-Miss = \"1\";"]);
        Sub(lines, "vcl_backend_fetch", 1, Some(Fetching, 0, 3));
        string[] guard = [
            """if (beresp.http.Set-Cookie || beresp.http.Cache-Control ~ "(?i)private|no-store" || beresp.http.Vary ~ "(?i)\*|cookie|authorization|x-api-key") { set beresp.uncacheable = true; return (deliver); }"""];
        List<string> response = dice.OneIn(6) ? [.. Some(Responding, 1, 2), .. guard]
            : [.. guard, .. Some(Responding, 0, 4)];
        Sub(lines, "vcl_backend_response", 1, response);
        Sub(lines, "vcl_backend_error", 3, Some(Failing, 1, 1));
        Sub(lines, "vcl_deliver", 2, Some(Delivering, 1, 2));
        return string.Join('\n',
            lines.Select(
            l => l.Replace("; ", $";\n{l[..(l.Length - l.TrimStart().Length)]}", StringComparison.Ordinal) is var broken
            && Quotes(l) ? l : broken)) + "\n";
    }

    // A text with a separator in quotes stays on its line.
    private static bool Quotes(string line) =>
        line.Split('"').Where((_, i) => i % 2 == 1).Any(q => q.Contains("; ", StringComparison.Ordinal));

    private void Sub(List<string> lines, string name, int oneIn, List<string> body)
    {
        if (body.Count > 0 && dice.OneIn(oneIn))
        {
            lines.AddRange([$"sub {name} {{", .. Indented(body), "}"]);
        }
    }

    private List<string> Some(string[] of, int least, int most)
    {
        var left = of.ToList();
        var some = new List<string>();
        for (var count = least + dice.Below(most - least + 1); count > 0 && left.Count > 0; count--)
        {
            var one = dice.Below(left.Count);
            some.Add(left[one]);
            left.RemoveAt(one);
        }

        return some;
    }

    private static IEnumerable<string> Indented(IEnumerable<string> lines) => lines.Select(l => "    " + l);
}
