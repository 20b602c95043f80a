using System.Text.RegularExpressions;
using CachePolicyOperator.Core.Diagnostics;

namespace CachePolicyOperator.Core.Tests.Verification.Leaks;

/// <summary>
/// What the two people send: the witness, and a request of somebody else that should get an answer of its own.
/// </summary>
internal static partial class ReplayPairs
{
    /// <summary>A field that no VCL of the fixtures names.</summary>
    public const string Experiment = "X-Experiment";

    // Where two hosts and targets have one key, which two is a matter of the fixture; so is the page around a fragment.
    private static readonly Dictionary<string, (string Host, string Target)[]> Places = new(StringComparer.Ordinal)
    {
        ["d-host-and-url-joined"] = [("www.example.com", "/news/funds"), ("www.example.com/news", "/funds")],
        ["p04-dropped-parameter"] = [("www.example.com", "/landing?utm_source=1"), ("www.example.com", "/landing")],
        ["p05-parameter-cloaking"] =
            [("www.example.com", "/search?q=1&utm_a=2;q=3"), ("www.example.com", "/search?q=1")],
        ["p08-port"] = [("www.example.com:1234", "/news"), ("www.example.com", "/news")],
        ["l02-url-only-key"] = [("one.example.com", "/news"), ("two.example.com", "/news")],
        ["m-esi-fragment"] = [("www.example.com", "/news/today"), ("www.example.com", "/news/today")],
        ["l06-passed-answers-edited"] = [("www.example.com", "/mypage"), ("www.example.com", "/mypage")],
    };

    public static IEnumerable<(ReplayRequest First, ReplayRequest Second)> Of(LeakFixture fixture, Diagnostic finding)
    {
        var witness = ReplayRequest.Of(finding.Witness!);
        var pairs = Of(fixture.Code, finding.Message, witness);
        if (Places.TryGetValue(fixture.Name, out var places))
        {
            pairs = pairs.Select(
                p => (p.First.At(places[0].Host, places[0].Target), p.Second.At(places[1].Host, places[1].Target)));
        }

        return pairs.Where(p => p.First != p.Second || !IsOfInputs(fixture.Code));
    }

    /// <summary>The target that a page includes; null where the finding is not about fragments.</summary>
    public static string? FragmentOf(LeakFixture fixture, Diagnostic finding) =>
        fixture.Code != "esi/personal" ? null
        : finding.Message.Contains("parsed for ESI", StringComparison.Ordinal) ? "/typed" : finding.Witness!.Target;

    private static bool IsOfInputs(string code) => code is "identity/unkeyed" or "key/unkeyed-input" or "esi/personal";

    private static IEnumerable<(ReplayRequest First, ReplayRequest Second)> Of(
        string code, string message, ReplayRequest witness)
    {
        if (message.Contains("the body of the request", StringComparison.Ordinal))
        {
            return [(witness with { Body = "item=1" }, witness)];
        }

        if (code == "key/unkeyed-input" && message.Contains("`Vary`", StringComparison.Ordinal))
        {
            return [(witness.With(Experiment, "1"), witness.With(Experiment, "2"))];
        }

        if (message.Contains("the part of the key", StringComparison.Ordinal))
        {
            return [(witness, witness.Without("X-Api-Key").With("X-Segment", "1"))];
        }

        if (message.Contains("parsed for ESI", StringComparison.Ordinal))
        {
            return [(witness with { Method = "GET" }, witness.With(Experiment, "1"))];
        }

        return Field().Match(message) is { Success: true } field
            && (IsOfInputs(code) || message.Contains("made of", StringComparison.Ordinal))
            ? Others(witness, field.Groups["name"].Value)
            : Twice(witness);
    }

    // The one who is logged in, and the one who is not, or is as someone else.
    private static IEnumerable<(ReplayRequest, ReplayRequest)> Others(ReplayRequest witness, string field) =>
    [
        (witness, witness.WithOther(field)),
        (witness, witness.Without(field)),
        (witness, witness.WithoutLast(field)),
    ];

    private static IEnumerable<(ReplayRequest, ReplayRequest)> Twice(ReplayRequest witness)
    {
        if (!witness.Has("Cookie"))
        {
            yield return (witness.With("Cookie", "session=1"), witness.With("Cookie", "session=2"));
        }

        yield return (witness, witness);
    }

    [GeneratedRegex("(?:origin sees|depends on|made of|carries|own) `(?<name>[^`]+)`")]
    private static partial Regex Field();
}
