using CachePolicyOperator.Oracle.Real;

namespace CachePolicyOperator.Oracle.Generate;

/// <summary>
/// Makes of a request three that differ in who asks alone: one client's, another client's at a host where nothing is stored, and
/// that other client's again where the first one's answer may be.
/// </summary>
internal static class Twins
{
    /// <summary>Ends the hosts of twins and of nothing else.</summary>
    public const string Domain = ".twin.example";

    private static readonly HeaderLine[][] Identities =
    [
        [new("Cookie", "session=1; vip=1")],
        [new("Cookie", "vip=1")],
        [new("Cookie", "session=1")],
        [new("Cookie", "session=222")],
        [new("Cookie", "session=abc"), new("X-Api-Key", "k1")],
        [new("X-Api-Key", "k2")],
        [],
    ];

    // What sites have, and what is looked up most.
    private static readonly string[] Targets =
        ["/static/a/b.css", "/static/x.js", "/static/logo.png", "/news/12", "/de/", "/en/", "/a/b?id=7", "/a/b", "/foo/bar.js", "/mypage", "/account/x"];

    public static IEnumerable<Exchange> Of(Exchange exchange, Dice dice, int number)
    {
        HeaderLine[] others = [.. exchange.Headers.Lines.Where(l => l.Name.ToLowerInvariant() is not ("host" or "cookie" or "authorization" or "x-api-key"))];
        var (one, other) = (dice.Of(Identities), dice.Of(Identities));
        var target = dice.OneIn(3) ? exchange.Target : dice.Of(Targets);
        var answer = dice.OneIn(4) ? exchange.Answer with { Aborts = false } : new OriginAnswer(200, new EquatableHeaders([new("Cache-Control", "max-age=60")]), "x");
        yield return Of('a', one);
        yield return Of('b', other);
        yield return Of('a', other);

        Exchange Of(char host, HeaderLine[] who) => exchange with
        {
            Method = "GET",
            Target = target,
            Protocol = "HTTP/1.1",
            Headers = new EquatableHeaders([new("Host", $"{host}{number:d3}{Domain}"), .. others, .. who]),
            Answer = answer,
        };
    }
}
