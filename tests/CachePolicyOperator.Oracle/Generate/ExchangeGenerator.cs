using CachePolicyOperator.Oracle.Real;

namespace CachePolicyOperator.Oracle.Generate;

/// <summary>
/// Random requests and answers for one VCL: strings that its own patterns look for, and hostile ones. Targets and hosts
/// repeat, so that one request meets what another has stored.
/// </summary>
internal sealed class ExchangeGenerator
{
    private const int Targets = 20;
    private const int ValuesOfField = 8;
    private const int Few = 16;

    private static readonly string[] Usual = ["/", "/account", "/account/orders", "/static/a.css", "/a/b?id=1",
        "/en/x?utm=1&b=2", "/x", "/foo/bar.js?v=1&utm=x", "/news/12?page=2&b=1&utm_x=1", "/en/x?id=7&page=3"];

    private static readonly string[] Queries = ["?id=7", "?page=2&b=1&utm_x=1", "?preview=1", "?b=2&a=1&id=8",
        "?page=1&page=2", "?access_token=1", "?%69d=7", "?gclid=3"];

    private static readonly string[] OddTargets =
        ["*", "account", "https://h/account", "http://h/account", "HTTP://h/account", "http://h", "/%61ccount",
            "/Account", "//account", "/a\xff", "/account;x", "/a/../account", "?", "/a?b=2&a=1", "/a\\b", "/#x",
            "/a%00"];

    private static readonly string[] Hosts = [
        "www.example.com", "www.example.com", "WWW.Example.com", "example.com:8080", "www.example.com:8080", "h", "ab"];

    private static readonly string[] CacheControls =
        ["max-age=60", "max-age=60", "max-age=60, stale-while-revalidate=30", "private", "no-store", "max-age=0",
            "public, max-age=60", "Private, max-age=9", "no-cache", ""];

    // For a body that is never sent varnishd waits.
    private static readonly string[] OfBody = ["content-length", "transfer-encoding", "expect"];

    private static readonly string[] OddCookies =
        ["lang=en; session=1; lang=de", "b; session=1", "a=1;;b=2", "=x; a=1", "session=; lang=fr", " a=1 ; b=2;",
            "session=1;lang=en", "_ga=3; _gid=4;a=1; _ga=5", "lang=x session=1", "session =1"];

    private readonly Dice _dice;
    private readonly Vocabulary _vocabulary;
    private readonly string[] _targets;
    private readonly Dictionary<string, string[]> _values = [];
    private readonly string? _host;
    private readonly string[] _fields;
    private readonly string[] _answered;

    /// <param name="host">Asked for most of the time; null: any host is as good.</param>
    public ExchangeGenerator(Dice dice, Vocabulary vocabulary, string? host = null)
    {
        (_dice, _vocabulary, _host) = (dice, vocabulary, host);
        string[] wanted = [.. vocabulary.Of("url")];
        string[] known = [.. wanted, .. Usual, .. Usual.Select(u => u + dice.Of([.. wanted, "?a=1"])),
            .. wanted.Select(w => "/" + w)];
        string[] paths = [.. vocabulary.Of("x-cachepolicy-path").Where(w => w.StartsWith('/')), .. Usual];
        _targets = [.. Enumerable.Range(0, Targets)
            .Select(_ =>
            Clean(host is not null && !dice.OneIn(4) ? dice.Of(paths) + (dice.OneIn(3) ? dice.Of(Queries) : "")
            : dice.OneIn(5) ? dice.Of(OddTargets) : dice.OneIn(6) ? Odd(dice.Of(known)) : dice.Of(known)))];
        _fields = [.. vocabulary.Fields.Except(["host", .. OfBody, Exchange.Mark]).Union(["cookie", "authorization"])];
        _answered = [.. vocabulary.ResponseFields.Except(["set-cookie", "cache-control", "vary"])];
        foreach (var field in _fields)
        {
            string[] words = [.. vocabulary.Of(field), "1", "b", "", "session=1", "session=2; lang=en", "a=1",
                "lang=de; _ga=3", "YES", "x y",
                .. field == "cookie" ? OddCookies : []];
            _values[field] = [.. Enumerable.Range(0, ValuesOfField).Select(_ => dice.Of(words))];
        }
    }

    public Exchange Next()
    {
        var headers = new List<HeaderLine>();
        var protocol = _dice.OneIn(30) ? "HTTP/1.0" : "HTTP/1.1";
        if (!_dice.OneIn(40))
        {
            var words = _vocabulary.Of("host");
            headers.Add(
                new HeaderLine("Host", _host is not null && !_dice.OneIn(4) ? _host + (_dice.OneIn(6) ? ":8443" : "")
                : Clean(words.Count > 0 && _dice.OneIn(3) ? _dice.Of([.. words]) : _dice.Of(Hosts))));
        }

        foreach (var field in _fields.Where(f => IsSent(f, _fields.Length)))
        {
            for (var again = true; again; again = _dice.OneIn(8))
            {
                headers.Add(new HeaderLine(_dice.OneIn(6) ? field.ToUpperInvariant() : field, Value(field)));
            }
        }

        if (_dice.OneIn(25))
        {
            headers.Add(_dice.Of(
                new HeaderLine("Connection", _dice.Of("x-a", "X-B, x-c", "keep-alive", "close")),
                    new HeaderLine("X-Forwarded-For", "1.1.1.1"),
                new HeaderLine("Cache-Control", "no-cache"), new HeaderLine("Range", "bytes=0-0"),
                    new HeaderLine("Host", "second"),
                new HeaderLine("X-Forwarded-Host", "evil"), new HeaderLine("If-None-Match", "\"e\""),
                    new HeaderLine("Accept-Encoding", "gzip"),
                new HeaderLine("X-Forwarded-For", ""), new HeaderLine("Cookie2", "x"),
                    new HeaderLine("Proxy-Authorization", "x")));
        }

        var target = _dice.Of(_targets);
        var isPlain = _host is not null && _dice.OneIn(2);
        return new Exchange(Method(), target, protocol, new EquatableHeaders(headers), isPlain
            ? OriginAnswer.ForAMinute(target) : Answer());
    }

    // varnishd takes no more than 64 fields, and of many the most are mentioned only to be taken away.
    private bool IsSent(string field, int of) =>
        _dice.OneIn(of <= Few ? 3 : _vocabulary.Of(field).Count > 0 && field != "connection" || field is "cookie" ? 4
            : Math.Max(Few, of / 2));

    private string Method()
    {
        if (!_dice.OneIn(5))
        {
            return "GET";
        }

        string[] words = [.. _vocabulary.Of("method")
            .Where(w => w.Length is > 0 and < 20 && w.All(char.IsAsciiLetterOrDigit)), "HEAD", "POST", "PUT", "PURGE",
            "FOO", "get"];
        return _dice.Of(words);
    }

    private OriginAnswer Answer()
    {
        var headers = new List<HeaderLine>();
        if (!_dice.OneIn(4))
        {
            headers.Add(new HeaderLine("Cache-Control", _dice.Of(CacheControls)));
        }

        if (_dice.OneIn(20))
        {
            headers.Add(new HeaderLine("Cache-Control", "max-age=30"));
        }

        for (var again = _dice.OneIn(6); again; again = _dice.OneIn(4))
        {
            headers.Add(new HeaderLine("Set-Cookie", _dice.Of("a=1", "session=9; Path=/", "")));
        }

        if (_dice.OneIn(8))
        {
            headers.Add(new HeaderLine("Vary", _dice.Of("Cookie", "X-A", "*", "Accept-Encoding", "X-A, X-B", "")));
        }

        foreach (var field in _answered.Where(f => IsSent(f, _answered.Length)))
        {
            string[] words = [.. _vocabulary.Of(field), "1", "", "a", "max-age=10", "no-store"];
            headers.Add(new HeaderLine(field, Clean(_dice.Of(words), ' ')));
        }

        var status = _dice.OneIn(4) ? _dice.Of(404, 302, 500, 301, 503, 204, 410, 206) : 200;
        var body = _dice.OneIn(6)
            ? $"<html><esi:include src=\"{_dice.Of("/account", "/frag?x=1", "/static/a.css")}\"/></html>" : "x";
        return new OriginAnswer(status, new EquatableHeaders(headers), body, _dice.OneIn(60));
    }

    private string Value(string field) =>
        _dice.OneIn(8) ? _dice.Of("", "0", "ZZ", "b\xe9", "a, b", "en-GB,en;q=0.8", "session=3")
            : Clean(_dice.Of(_values[field]), ' ');

    // What cannot stand in a request line, or in a header field.
    private static string Clean(string text, char instead = '_')
    {
        var clean = new string([.. text.Select(c => c <= ' ' || c is '\x7f' or > '\xff' ? instead : c)]);
        return clean.Length == 0 && instead == '_' ? "/" : clean.Trim(' ');
    }

    private string Odd(string target)
    {
        var at = _dice.Below(target.Length + 1);
        return _dice.Below(7) switch
        {
            0 => target.ToUpperInvariant(),
            1 => target.Length > at ? $"{target[..at]}%{(int)target[at]:x2}{target[(at + 1)..]}" : target + "%",
            2 => target.Replace("/", "//", StringComparison.Ordinal),
            3 => "https://h" + target,
            4 => target + "?",
            5 => target[..at],
            _ => target + target,
        };
    }
}
