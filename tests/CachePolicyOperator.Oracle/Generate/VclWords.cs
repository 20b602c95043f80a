namespace CachePolicyOperator.Oracle.Generate;

/// <summary>What random VCL is made of.</summary>
internal static class VclWords
{
    public static readonly string[] Fields =
        ["Cookie", "Cookie", "Authorization", "X-A", "X-A", "X-B", "X-C", "Accept-Language", "User-Agent", "Host",
            "X-Forwarded-For", "Cache-Control", "Range", "Accept-Encoding"];

    public static readonly string[] ResponseFields =
        ["Set-Cookie", "Set-Cookie", "Cache-Control", "Cache-Control", "Vary", "X-R", "Content-Type",
            "Surrogate-Control", "ETag"];

    public static readonly string[] TargetPatterns =
    [
        "^/account", "^/account(/|$)", "^/static/", @"\.(css|js)$", "(?i)^/a", "^/[a-z]+/?$", @"\?", "[?&]utm=",
            "^/a/(b|c)", "/$",
        @"^[^?]*\.png(\?.*)?$", "%2[fF]", "^https?://", @"id=\d+", "^/(?!static)", "^/x{2,3}$", "//", "^/", "^[^/]",
            "^/(en|de)/", "[A-Z]",
        @"^/(?:users|orders)/[0-9]+$", @"(?i)\.(jpe?g|gif)(\?|$)", "^$", "a.*b", @"\bfoo\b", "^/static/(?=.*v=)",
    ];

    public static readonly string[] CookiePatterns =
        ["session=", "(^|; )lang=", "^a=1$", @"(^|;\s*)session=[^;]*", "^$", ".", "^lang=(en|de)$", "(?i)SESSION",
            "^[^;]*$"];

    public static readonly string[] FieldPatterns = [
        "^1$", "^[a-z]+$", "b", "(?i)yes", "^$", "^(en|de)", "[0-9]+", "^.{2,4}$", @"a\b", "[A-Z]"];

    public static readonly string[] Words = [
        "1", "b", "yes", "en", "", "session=1", "a=1", "/account", "/static/a.css", "GET", "x y", "lang=en"];

    public static readonly (string Pattern, string Replacement)[] TargetSubstitutions =
    [
        (@"\?.*$", ""), ("^/en/", "/"), ("[?&]utm=[^&]*", ""), ("//+", "/"), (@"^/(\w+)/(.*)$", @"/\2/\1"), ("#.*", ""),
            ("/$", ""),
        ("a", "b"), ("^", "/p"), ("$", "/"), ("[0-9]+", "N"), (@"(?i)/A", "/a"), (@"^https?://[^/]+", ""),
            ("(a|ab)(c|bcd)?", "X"), ("x*", "-"),
        (@"(\?|&)id=(\d+)", @"\1ID=\2"), ("^/(static|account)", ""), (@"\\", "/"), ("^.*$", "/const"), ("b*", "_"),
            (@"(.*)/(.*)", @"\1%2f\2"),
    ];

    public static readonly (string Pattern, string Replacement)[] FieldSubstitutions =
    [
        (@"(^|; )_ga=[^;]*", ""), (@":\d+$", ""), (@"^www\.", ""), ("^.*$", "x"), ("^.*lang=([a-z]*).*$", @"\1"),
            ("[^a-z]", ""), ("$", "z"),
        ("^$", "none"), ("session=[^;]*", ""), (@"^\s+|\s+$", ""), ("(a)|(b)", @"[\1\2]"), (";.*", ""), ("[A-Z]+", "U"),
            ("=", ""),
    ];
}
