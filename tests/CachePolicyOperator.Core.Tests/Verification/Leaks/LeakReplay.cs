using System.Globalization;
using CachePolicyOperator.Core.Diagnostics;

namespace CachePolicyOperator.Core.Tests.Verification.Leaks;

/// <summary>
/// Sends a witness to a real varnishd as one person, then as another, before an origin that repeats to everyone what it
/// was told, and marks its answers as the finding says. A leak is an answer made for the first and given to the second.
/// </summary>
internal sealed class LeakReplay(LeakRig rig, LeakFixture fixture, Diagnostic finding)
{
    private static readonly string[] Personal = ["/mypage", "/account", "/api/me"];

    // Where the second should have an answer of its own, and not just none from the cache.
    private readonly bool _ofInputs = fixture.Code is "identity/unkeyed" or "key/unkeyed-input" or "esi/personal"
        || finding.Message.Contains("error page made of", StringComparison.Ordinal);

    public async Task<bool> LeaksAsync(string vcl)
    {
        await rig.ServeAsync(vcl);
        foreach (var answer in ReplayAnswers.To(fixture, finding))
        {
            rig.Origin.Answer = answer;
            foreach (var (first, second) in ReplayPairs.Of(fixture, finding))
            {
                if (await LeaksAsync(first, second))
                {
                    return true;
                }
            }
        }

        return false;
    }

    private async Task<bool> LeaksAsync(ReplayRequest first, ReplayRequest second)
    {
        await rig.ForgetAsync();
        var alone = _ofInputs ? EchoAnswer.Meaning((await second.SendAsync(rig.Varnish.HttpPort)).Text) : null;
        await rig.ForgetAsync();
        var mark = $"replay-{Guid.NewGuid():n}";
        var given = await first.With("X-Replay", mark).SendAsync(rig.Varnish.HttpPort);
        var shared = await second.SendAsync(rig.Varnish.HttpPort);
        var sentElsewhere =
            finding.Message.Contains("the URL sent to the origin is personal", StringComparison.Ordinal);
        return (fixture.Code, finding.Message) switch
        {
            ("response/not-uncacheable", _) => await LoggedAsync(mark, (ttl, _) => ttl < 1),
            ("response/invented-ttl", var message) when message.Contains("stale", StringComparison.Ordinal) =>
                await LoggedAsync(mark, (_, grace) => grace > 0),
            (_, var message) when message.Contains("passed request loses", StringComparison.Ordinal) =>
                given.Header("Cache-Control") is null && given.Text.Contains(mark, StringComparison.Ordinal),
            (_, var message) when message.Contains("parsed for ESI", StringComparison.Ordinal) =>
                given.Status == 200 && !given.Text.Contains("<esi:", StringComparison.Ordinal),
            _ when sentElsewhere =>
                shared.Text == given.Text
                && Personal.Any(p => shared.Text.Contains($" {p} HTTP", StringComparison.Ordinal)),
            _ => shared.Text == given.Text && shared.Status == given.Status && (alone is null
                ? given.Text.Contains(mark, StringComparison.Ordinal)
                : WithoutMark(shared.Text) != alone),
        };
    }

    private static string WithoutMark(string text) =>
        EchoAnswer.Meaning(
            string.Join('\n', text.Split('\n').Where(l => !l.StartsWith("X-Replay:", StringComparison.Ordinal))));

    // Varnish 7 keeps an object that lives no time from others, Varnish 8 hands it to all who wait; and nobody waits
    // here until one is stale. What every version logs is the object.
    private async Task<bool> LoggedAsync(string mark, Func<double, double, bool> isSo)
    {
        var lines = await rig.Varnish.LogAsync("-b", "-i", "TTL", "-q", $"BereqHeader:X-Replay eq \"{mark}\"");
        var last = lines.Select(l => l.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .LastOrDefault(w => w.Contains("TTL"));
        if (last is null || last[^1] != "cacheable")
        {
            return false;
        }

        var ttl = Array.IndexOf(last, "TTL") + 2;
        return isSo(double.Parse(last[ttl], CultureInfo.InvariantCulture),
            double.Parse(last[ttl + 1], CultureInfo.InvariantCulture));
    }
}
