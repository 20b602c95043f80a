using CachePolicyOperator.Core.AgentProtocol;
using CachePolicyOperator.Core.Incidents;
using CachePolicyOperator.Core.Model;

namespace CachePolicyOperator.Core.Tests.Incidents;

/// <summary>
/// Builders with good defaults: a policy that serves with <see cref="Meant"/> and whose pod <c>p0</c> is well.
/// </summary>
internal static class AnIncident
{
    public static readonly Digest Meant = Digits('a');
    public static readonly Digest Leaking = Digits('b');
    public static readonly Digest Other = Digits('c');

    public static readonly DateTimeOffset Now = new(2018, 5, 8, 17, 0, 0, TimeSpan.FromHours(9));

    public static readonly AgentStatus Well = new(
        "i1", "7.1.1", true, CacheLevel.Cached, Meant, true, Meant, [Meant], true, Digest.Of("guard"), 0, 0);

    public static IncidentFacts Facts(params Incident[] incidents) => new(
        new ResourceName("web", "storefront"),
        GuardSettings.Default,
        FallbackSettings.Default,
        PolicyLevel.Cached,
        Meant,
        incidents.ToEquatableList(),
        [new PodAccount("p0", "uid-0", Well, [])],
        null,
        null);

    public static IncidentFacts Telling(this IncidentFacts facts, params AgentEvent[] events) => facts with
    {
        Pods = [new PodAccount("p0", "uid-0",
            Well with { LastLeak = events.OfType<LeakDetected>().Max(e => e.Sequence) }, events.ToEquatableList())],
    };

    public static Incident Open(string name = "storefront-1", CacheLevel level = CacheLevel.NoCache, long leak = 0) =>
        new(
        name, level, true, [Leaking, Meant], [new IncidentSource("p0", "uid-0", leak, leak)]);

    public static LeakDetected Leak(long sequence, string objectId = "77", params Sighting[] servedTo) => new(
        "i1", sequence, Now, "hit/personal", Leaking,
        new Exposure(objectId, Now.AddHours(-1), Seen("anna", -5), servedTo.ToEquatableList()));

    /// <summary>A digest that is easily told from others.</summary>
    public static Digest Digits(char digit) => Digest.Parse(Digest.Prefix + new string(digit, 64));

    public static Sighting Seen(string? identity, int seconds = 0) =>
        new(1000 + seconds, Now.AddSeconds(seconds), identity, "pathPrefix /mypage", "GET", "t");
}
