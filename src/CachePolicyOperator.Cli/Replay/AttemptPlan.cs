using System.Text.RegularExpressions;
using CachePolicyOperator.Core.Diagnostics;
using CachePolicyOperator.Core.HeaderFields;
using CachePolicyOperator.Core.Model;

namespace CachePolicyOperator.Cli.Replay;

/// <summary>
/// The ways to show what a witness claims, the plainest first. The first visitor sends the witness; what the second
/// one changes is what the property is about: who asks, or an input that the key lacks.
/// </summary>
internal static partial class AttemptPlan
{
    /// <summary>Stands for a carrier of identity that no option named: a client certificate, an address.</summary>
    private const string StandIn = "X-Client-Certificate-Subject";

    /// <summary>Where a proxy in front says how it was asked.</summary>
    private const string Scheme = "X-Forwarded-Proto";

    /// <summary>A field that no VCL names.</summary>
    private const string Unnamed = "X-Experiment";

    private const string First = "alice";
    private const string Second = "bob";

    // A site that a proxy in front encrypts leads there who asks in the clear.
    private static readonly bool[] InTheClearFirst = [false, true];

    /// <param name="fields">Names of the request fields that the VCL uses.</param>
    public static IEnumerable<ReplayAttempt> For(
        Diagnostic diagnostic, IdentityCarriers identity, IReadOnlyList<string> fields) =>
        from encrypts in InTheClearFirst
        where !encrypts || fields.Contains(Scheme, StringComparer.OrdinalIgnoreCase)
        from answer in AnswerPlan.For(diagnostic, Unnamed)
        from pair in IsOfInputs(diagnostic)
            ? PairsOfInputs(diagnostic, identity, fields)
            : PairsOfPeople(diagnostic, identity)
        select encrypts
            ? new ReplayAttempt(OverTls(pair.First), OverTls(pair.Second), answer)
            : new ReplayAttempt(pair.First, pair.Second, answer);

    /// <summary>Whether the second visitor must be one for whom the origin would be asked something else.</summary>
    public static bool IsOfInputs(Diagnostic diagnostic) =>
        diagnostic.Code is "identity/unkeyed" or "key/unkeyed-input" || IsErrorPage(diagnostic);

    /// <summary>
    /// Whether what leaks is a page of one person: where the origin is asked the same for both, it can make none.
    /// </summary>
    public static bool IsOfPeople(Diagnostic diagnostic) =>
        diagnostic.Code is "personal/cacheable" or "policy/default-cache";

    public static bool IsErrorPage(Diagnostic diagnostic) =>
        diagnostic.Message.Contains("error page made of", StringComparison.Ordinal);

    /// <summary>What a replay of the one request that a witness is cannot show for sure; null where it can.</summary>
    public static string? WhyItTakesMore(Diagnostic diagnostic) => diagnostic.Code switch
    {
        "key/unkeyed-input" => "two requests share a key; the witness is one, and no other was found",
        _ when SharesPart(diagnostic) =>
            "two requests share a part of the key; the witness is one, and no other was found",
        "esi/personal" => "it takes a page that includes another one",
        "response/invented-ttl" when AnswerPlan.IsOfStale(diagnostic) =>
            "that it is served stale is seen only when its time is over",
        _ => null,
    };

    private static IEnumerable<(Visitor First, Visitor Second)> PairsOfPeople(Diagnostic diagnostic,
        IdentityCarriers identity)
    {
        var witness = diagnostic.Witness!;
        if (witness.Headers.Items.Any(h => IsCarrier(h, identity)))
        {
            yield return Pair(witness,
                WithFields(witness, h => IsCarrier(h, identity) ? h with { Value = Another(h.Value) } : h));
            foreach (var pair in PairsOfCookies(witness).Concat(PairsOfEach(witness, identity)))
            {
                yield return pair;
            }

            yield return Pair(witness, WithFields(witness, h => IsCarrier(h, identity) ? null : h));
        }
        else
        {
            yield return Pair(With(witness, StandIn, First), With(witness, StandIn, Second));
            yield return Pair(With(witness, "Cookie", $"{identity.ExampleCookie()}=1"),
                With(witness, "Cookie", $"{identity.ExampleCookie()}=2"));
        }

        if (diagnostic.Code != "personal/cacheable")
        {
            yield return Pair(witness, witness);
        }
    }

    private static IEnumerable<(Visitor First, Visitor Second)> PairsOfInputs(
        Diagnostic diagnostic, IdentityCarriers identity, IReadOnlyList<string> fields)
    {
        var witness = diagnostic.Witness!;
        if (diagnostic.Message.Contains("the body of the request", StringComparison.Ordinal))
        {
            yield return (new Visitor(First, witness, "item=1"), new Visitor(Second, witness));
        }

        if (AnswerPlan.IsOfVary(diagnostic))
        {
            yield return Pair(With(witness, Unnamed, "1"), With(witness, Unnamed, "2"));
        }

        if (NamedField().Match(diagnostic.Message) is { Success: true } match)
        {
            var name = match.Groups["name"].Value;
            var named = witness.Headers.Items.Any(h => Is(h, name))
                ? witness
                : With(witness, name, ExampleValues.InRequest(name.ToLowerInvariant(), identity.ExampleCookie()));
            var last = named.Headers.Items.Last(h => Is(h, name));
            yield return Pair(named, WithFields(named, h => Is(h, name) ? h with { Value = Another(h.Value) } : h));
            foreach (var pair in Is(last, "Cookie") ? PairsOfCookies(named).Concat(PairsOfEach(named, identity)) : [])
            {
                yield return pair;
            }

            yield return Pair(named, WithFields(named, h => Is(h, name) ? null : h));
            yield return Pair(named,
                WithFields(named, h => ReferenceEquals(h, last) ? h with { Value = Another(h.Value) } : h));
            yield return Pair(named, WithFields(named, h => ReferenceEquals(h, last) ? null : h));
            foreach (var other in SharesPart(diagnostic) ? fields : [])
            {
                yield return Pair(named, With(WithFields(named, h => Is(h, name) ? null : h), other, last.Value));
            }
        }

        foreach (var other in diagnostic.Code == "key/unkeyed-input" ? OtherInputs(witness) : [])
        {
            yield return Pair(witness, other);
        }

        if (witness.Headers.Items.Any(h => IsCarrier(h, identity)))
        {
            yield return Pair(witness,
                WithFields(witness, h => IsCarrier(h, identity) ? h with { Value = Another(h.Value) } : h));
        }

        yield return Pair(With(witness, "Cookie", $"{identity.ExampleCookie()}=1"), witness);

        // A VCL may make the field that says who asks of another one.
        foreach (var field in witness.Headers.Items.Where(h => !Is(h, "Host") && !IsCarrier(h, identity)))
        {
            yield return Pair(witness, WithFields(witness, h => h == field ? h with { Value = Another(h.Value) } : h));
        }
    }

    // One carrier after the other has another value, from its beginning: the key may have the others, or its end.
    private static IEnumerable<(Visitor First, Visitor Second)> PairsOfEach(
        Witness witness, IdentityCarriers identity) =>
        from field in witness.Headers.Items
        where IsCarrier(field, identity)
        from other in new[] { Another(field.Value), AnotherBegun(field.Value) }.Distinct()
        select Pair(witness, WithFields(witness, h => h == field ? h with { Value = other } : h));

    // One cookie after the other has another value: what others say may decide the way.
    private static IEnumerable<(Visitor First, Visitor Second)> PairsOfCookies(Witness witness) =>
        from field in witness.Headers.Items
        where Is(field, "Cookie") && field.Value.Contains(';')
        let cookies = field.Value.Split(';')
        from i in Enumerable.Range(0, cookies.Length)
        where cookies[i].Contains('=')
        let name = cookies[i][..(cookies[i].IndexOf('=') + 1)]
        let value = cookies[i][name.Length..]
        let other = string.Join(';',
            cookies.Select((c, j) => j == i ? $"{name}{(value.Length > 0 ? Another(value) : "2")}" : c))
        select Pair(witness, WithFields(witness, h => h == field ? h with { Value = other } : h));

    private static IEnumerable<Witness> OtherInputs(Witness witness)
    {
        var mark = witness.Target.Contains('?') ? '&' : '?';
        yield return witness with { Target = $"{witness.Target}{mark}other=1" };
        yield return witness with { Target = witness.Target.Split('?')[0] };
        yield return witness with { Target = $"{witness.Target}2" };
        yield return witness with { Target = "/other" };
        yield return witness with { Target = Beside(witness.Target) };
        var host = RequestText.Complete(witness).First(h => Is(h, "Host")).Value;
        yield return WithOnly(witness, "Host", "other.example.com");
        yield return WithOnly(witness, "Host", $"{host}:1234");
        if (witness.Target.IndexOf('/', Math.Min(1, witness.Target.Length)) is > 0 and var slash)
        {
            // Joined without a mark between them, host and target may be cut elsewhere.
            yield return WithOnly(witness, "Host", host + witness.Target[..slash]) with { Target = witness.Target[slash..] };
        }

        foreach (var field in witness.Headers.Items.Where(h => !Is(h, "Host")))
        {
            yield return WithFields(witness, h => h == field ? h with { Value = Another(h.Value) } : h);
        }
    }

    // Another file of the same extension in the same directory.
    private static string Beside(string target)
    {
        var path = target.Split('?')[0];
        return target.Insert(path.LastIndexOf('.') is var dot && dot > path.LastIndexOf('/') ? dot : path.Length, "z");
    }

    private static Visitor OverTls(Visitor visitor) =>
        visitor with { Request = WithOnly(visitor.Request, Scheme, "https") };

    private static bool SharesPart(Diagnostic diagnostic) =>
        diagnostic.Message.Contains("the part of the key", StringComparison.Ordinal);

    private static bool IsCarrier(HeaderField field, IdentityCarriers identity) =>
        Is(field, "Cookie") || Is(field, "Authorization") || Is(field, "Proxy-Authorization")
            || identity.Headers.Items.Any(h => Is(field, h));

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

    // The same, with what comes behind its first letter or digit, or that of a cookie's value, left alone.
    private static string AnotherBegun(string value)
    {
        var begin = value.IndexOf('=') + 1;
        while (begin < value.Length && !char.IsAsciiLetterOrDigit(value[begin]))
        {
            begin++;
        }

        return begin >= value.Length ? Another(value) : $"{Another(value[..(begin + 1)])}{value[(begin + 1)..]}";
    }

    private static (Visitor First, Visitor Second) Pair(Witness first, Witness second) =>
        (new Visitor(First, first), new Visitor(Second, second));

    private static Witness With(Witness witness, string name, string value) =>
        witness with { Headers = new([.. witness.Headers.Items, new HeaderField(name, value)]) };

    private static Witness WithOnly(Witness witness, string name, string value) =>
        With(WithFields(witness, h => Is(h, name) ? null : h), name, value);

    private static Witness WithFields(Witness witness, Func<HeaderField, HeaderField?> change) =>
        witness with { Headers = new([.. witness.Headers.Items.Select(change).OfType<HeaderField>()]) };

    private static bool Is(HeaderField field, string name) =>
        field.Name.Equals(name, StringComparison.OrdinalIgnoreCase);

    [GeneratedRegex("(?:origin sees|depends on|made of|carries|that holds) `(?<name>[^`]+)`")]
    private static partial Regex NamedField();
}
