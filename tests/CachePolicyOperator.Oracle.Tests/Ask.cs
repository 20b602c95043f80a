using CachePolicyOperator.Oracle.Real;

namespace CachePolicyOperator.Oracle.Tests;

/// <summary>Builds exchanges: a request to www.example.com that the origin answers for a minute's storing.</summary>
internal static class Ask
{
    public static Exchange For(string target, params (string Name, string Value)[] headers)
    {
        var lines = headers.Select(h => new HeaderLine(h.Name, h.Value));
        var hasHost = headers.Any(h => h.Name.Equals("host", StringComparison.OrdinalIgnoreCase));
        return new Exchange(
            "GET", target, "HTTP/1.1", new(hasHost ? lines : lines.Prepend(new HeaderLine("Host", "www.example.com"))),
                Answer(("Cache-Control", "max-age=60")));
    }

    public static Exchange By(this Exchange exchange, string method) => exchange with { Method = method };

    public static Exchange With(this Exchange exchange, string body) => exchange with { Body = body };

    public static Exchange Answered(this Exchange exchange, params (string Name, string Value)[] headers) =>
        exchange with { Answer = Answer(headers) };

    public static Exchange AnsweredBy(
        this Exchange exchange, string body, params (string Name, string Value)[] headers) =>
        exchange with { Answer = Answer(headers) with { Body = body } };

    public static Exchange Unanswered(this Exchange exchange) =>
        exchange with { Answer = exchange.Answer with { Aborts = true } };

    private static OriginAnswer Answer(params (string Name, string Value)[] headers) =>
        new(200, new(headers.Select(h => new HeaderLine(h.Name, h.Value))), "x");
}
