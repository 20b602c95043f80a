using CachePolicyOperator.Core.Diagnostics;

namespace CachePolicyOperator.Core.Tests.Verification.Leaks;

/// <summary>
/// How an origin may answer so that the leak shows: the marks that the finding speaks of, with and without company.
/// </summary>
internal static class ReplayAnswers
{
    private static readonly (string, string) Public = ("Cache-Control", "public, max-age=60");

    public static IEnumerable<EchoAnswer> To(LeakFixture fixture, Diagnostic finding)
    {
        if (finding.Message.Contains("error page made of", StringComparison.Ordinal))
        {
            return [new EchoAnswer(200, Abort: true)];
        }

        var type = fixture.Code == "response/type" ? "text/html; charset=utf-8" : "text/css";
        return Statuses(fixture).SelectMany(_ => Marks(fixture.Code, finding.Message), (status, marks) =>
            new EchoAnswer(status, Fragment: ReplayPairs.FragmentOf(fixture, finding))
                .With([("Content-Type", type), .. marks]));
    }

    private static int[] Statuses(LeakFixture fixture) => fixture.Code switch
    {
        "response/status" => [302, 403, 500],
        "response/stored-private" => [200, 404],
        _ => [200],
    };

    private static (string, string)[][] Marks(string code, string message) => (code, message) switch
    {
        ("response/invented-ttl", var m) when Has(m, "stale") => [[("Cache-Control", "must-revalidate, max-age=60")]],
        ("response/invented-ttl", _) => [[]],
        ("response/not-uncacheable", _) => [[], [("Cache-Control", "max-age=0")], [Public, ("X-No-Cache", "1")]],
        ("key/unkeyed-input", var m) when Has(m, "`Vary`") => [[Public, ("Vary", ReplayPairs.Experiment)]],
        (_, var m) when Has(m, "passed request loses") =>
            [[("Cache-Control", "private, max-age=60"), ("Set-Cookie", "session=1; Path=/")]],
        (_, var m) when Has(m, "`Set-Cookie`") =>
            [[("Set-Cookie", "session=1; Path=/"), Public], [("Set-Cookie", "session=1; Path=/")]],
        (_, var m) when Has(m, "Cache-Control: private`") => Control("private"),
        (_, var m) when Has(m, "`Cache-Control: no-store`") => Control("no-store"),
        (_, var m) when Has(m, "no-store`") =>
            [[Public, ("CDN-Cache-Control", "no-store")], [Public, ("Surrogate-Control", "no-store")]],
        (_, var m) when Has(m, "`Vary`") =>
            [.. new[] { "Accept-Encoding, *", "Cookie", "X-Api-Key" }.Select(v => new[] { Public, ("Vary", v) })],
        _ => [[Public], []],
    };

    private static bool Has(string message, string part) => message.Contains(part, StringComparison.Ordinal);

    // Alone, next to what some caches heed first, with words around it, and in capitals.
    private static (string, string)[][] Control(string word) =>
    [
        [("Cache-Control", $"{word}, max-age=60")],
        [("Cache-Control", $"{word}, max-age=60"), ("Surrogate-Control", "content=\"ESI/1.0\"")],
        [("Cache-Control", $"public, max-age=60, {word.ToUpperInvariant()}")],
    ];
}
