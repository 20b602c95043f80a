using CachePolicyOperator.Oracle.Real;

namespace CachePolicyOperator.Oracle.Generate;

/// <summary>
/// Makes of a request three that differ in who asks alone: one client's, another client's at a host where nothing is
/// stored, and that other client's again where the first one's answer may be.
/// </summary>
internal static class Twins
{
    /// <summary>Is in the hosts of twins and of nothing else.</summary>
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
        ["/static/a/b.css", "/static/x.js", "/static/logo.png", "/news/12", "/de/", "/en/", "/a/b?id=7", "/a/b",
            "/foo/bar.js", "/mypage", "/account/x"];

    // What rules of policies have in the key, or pass.
    private static readonly string[] OtherCookies = [
        "lang=ja", "lang=en; currency=usd", "currency=jpy", "vip=1", "preview=1", "basket_1=2"];

    public static IEnumerable<Exchange> Of(Exchange exchange, Dice dice, int number) =>
        Of(exchange, dice, which => $"{which}{number:d3}{Domain}");

    /// <summary>The same at the hosts of a policy, which has few: ports tell the twins apart.</summary>
    public static IEnumerable<Exchange> OfPolicy(Exchange exchange, Dice dice, int number)
    {
        var shared = dice.OneIn(3) ? dice.Of(OtherCookies) : null;
        return Of(exchange, dice, which => $"{which}{Domain}:{1000 + number}").Select(e => shared is null ? e : e with
        {
            Headers = new EquatableHeaders([.. e.Headers.Lines, new("Cookie", shared)]),
        });
    }

    private static IEnumerable<Exchange> Of(Exchange exchange, Dice dice, Func<char, string> hostOf)
    {
        HeaderLine[] others = [
            .. exchange.Headers.Lines.Where(
            l => l.Name.ToLowerInvariant() is not ("host" or "cookie" or "authorization" or "x-api-key"))];
        var (one, other) = (dice.Of(Identities), dice.Of(Identities));
        var target = dice.OneIn(3) ? exchange.Target : dice.Of(Targets);
        var answer = dice.OneIn(4) ? exchange.Answer with { Aborts = false }
            : OriginAnswer.ForAMinute(target);
        yield return Of('a', one);
        yield return Of('b', other);
        yield return Of('a', other);

        Exchange Of(char host, HeaderLine[] who) => exchange with
        {
            Method = "GET",
            Target = target,
            Protocol = "HTTP/1.1",
            Headers = new EquatableHeaders([new("Host", hostOf(host)), .. others, .. who]),
            Answer = answer,
        };
    }
}
