using CachePolicyOperator.Core;
using CachePolicyOperator.Core.Diagnostics;
using CachePolicyOperator.Core.Model;

namespace CachePolicyOperator.Cli.Replay;

/// <summary>
/// The ways to show what a witness claims, the plainest first. The first visitor sends the witness; what the second one changes
/// is what the property is about: who asks, or an input that the key lacks.
/// </summary>
internal static class AttemptPlan
{
    /// <summary>Stands for a carrier of identity that no option named: a client certificate, an address.</summary>
    private const string StandIn = "X-Client-Certificate-Subject";

    private const string First = "alice";
    private const string Second = "bob";

    public static IEnumerable<ReplayAttempt> For(Diagnostic diagnostic, IdentityCarriers identity) =>
        from answer in Answers(diagnostic)
        from pair in Pairs(diagnostic.Code, diagnostic.Witness!, identity)
        select new ReplayAttempt(new Visitor(First, pair.First), new Visitor(Second, pair.Second), answer);

    private static IEnumerable<(Witness First, Witness Second)> Pairs(string code, Witness witness, IdentityCarriers identity)
    {
        if (code == "key/unkeyed-input")
        {
            foreach (var other in OtherInputs(witness))
            {
                yield return (witness, other);
            }
        }

        if (witness.Headers.Items.Any(h => IsCarrier(h, identity)))
        {
            yield return (witness, WithFields(witness, h => IsCarrier(h, identity) ? h with { Value = Another(h.Value) } : h));
            yield return (witness, WithFields(witness, h => IsCarrier(h, identity) ? null : h));
        }
        else
        {
            yield return (With(witness, StandIn, First), With(witness, StandIn, Second));
            var cookie = identity.Cookies.Count > 0 ? identity.Cookies[0] : "session";
            yield return (With(witness, "Cookie", $"{cookie}=1"), With(witness, "Cookie", $"{cookie}=2"));
        }

        if (code is not ("personal/cacheable" or "identity/unkeyed"))
        {
            yield return (witness, witness);
        }
    }

    private static IEnumerable<Witness> OtherInputs(Witness witness)
    {
        var mark = witness.Target.Contains('?') ? '&' : '?';
        yield return witness with { Target = $"{witness.Target}{mark}other=1" };
        yield return witness with { Target = $"{witness.Target}2" };
        yield return witness with { Target = "/other" };
        yield return With(WithFields(witness, h => Is(h, "Host") ? null : h), "Host", "other.example.com");
        foreach (var field in witness.Headers.Items.Where(h => !Is(h, "Host")))
        {
            yield return WithFields(witness, h => h == field ? h with { Value = Another(h.Value) } : h);
        }
    }

    private static IEnumerable<OriginAnswer> Answers(Diagnostic diagnostic)
    {
        var given = diagnostic.Witness!.Response.Items;
        HeaderField[] typed = given.Any(h => Is(h, "Content-Type")) ? [.. given] : [.. given, new("Content-Type", TypeOf(diagnostic))];
        if (!given.Any(h => Is(h, "Cache-Control")))
        {
            yield return new OriginAnswer(200, [.. typed, new HeaderField("Cache-Control", "public, max-age=3600")]);
        }

        yield return new OriginAnswer(200, [.. typed]);
        if (diagnostic.Code == "response/status")
        {
            foreach (var status in (int[])[500, 503, 403, 401, 404, 302])
            {
                yield return new OriginAnswer(status, [.. typed, new HeaderField("Cache-Control", "public, max-age=3600")]);
            }
        }
    }

    private static string TypeOf(Diagnostic diagnostic) =>
        diagnostic.Code == "response/type" ? "text/html"
        : Path.GetExtension(diagnostic.Witness!.Target.Split('?')[0]) switch
        {
            ".css" => "text/css",
            ".js" => "text/javascript",
            ".png" => "image/png",
            ".jpg" or ".jpeg" => "image/jpeg",
            _ => "text/html",
        };

    /// <summary>Whether the field says who asks.</summary>
    public static bool IsCarrier(HeaderField field, IdentityCarriers identity) =>
        Is(field, "Cookie") || Is(field, "Authorization") || Is(field, "Proxy-Authorization") || identity.Headers.Items.Any(h => Is(field, h));

    // A value of the same shape, so that it takes the same way.
    private static string Another(string value)
    {
        var at = value.Length - 1;
        while (at >= 0 && !char.IsAsciiLetterOrDigit(value[at]))
        {
            at--;
        }

        if (at < 0)
        {
            return $"{value}2";
        }

        var other = value[at] switch { '9' => '0', 'z' => 'a', 'Z' => 'A', var c => (char)(c + 1) };
        return $"{value[..at]}{other}{value[(at + 1)..]}";
    }

    private static Witness With(Witness witness, string name, string value) =>
        witness with { Headers = witness.Headers.Items.Add(new HeaderField(name, value)).ToEquatableList() };

    private static Witness WithFields(Witness witness, Func<HeaderField, HeaderField?> change) =>
        witness with { Headers = witness.Headers.Items.Select(change).OfType<HeaderField>().ToEquatableList() };

    private static bool Is(HeaderField field, string name) => field.Name.Equals(name, StringComparison.OrdinalIgnoreCase);
}
