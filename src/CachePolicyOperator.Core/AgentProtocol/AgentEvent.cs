using System.Text.Json.Serialization;
using CachePolicyOperator.Core.Model;

namespace CachePolicyOperator.Core.AgentProtocol;

/// <summary>
/// Something that happened in a cache pod. Sequences grow and are never used twice, also across starts of the agent, so
/// that an acknowledgement means one event. Leaks of an earlier start are told again, with their sequence, by the
/// present one.
/// </summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(LeakDetected), "LeakDetected")]
[JsonDerivedType(typeof(LevelChanged), "LevelChanged")]
[JsonDerivedType(typeof(RevisionActivated), "RevisionActivated")]
[JsonDerivedType(typeof(TrialLeaked), "TrialLeaked")]
[JsonDerivedType(typeof(UnprovenVcl), "UnprovenVcl")]
[JsonDerivedType(typeof(VarnishRestarted), "VarnishRestarted")]
public abstract record AgentEvent(string Instance, long Sequence, DateTimeOffset At);

/// <summary>
/// A personal response was stored or came from the shared cache: the exposure so far. A later event with the same
/// <see cref="Exposure.ObjectId"/> and <see cref="Exposure.VarnishStart"/> replaces the earlier one.
/// </summary>
/// <param name="Trigger">
/// Stable code of the tripwire: <c>hit/personal</c> (served from the cache), <c>hit/guarded</c> (found in the cache,
/// but the VCL did not deliver it), <c>stored/personal</c> (stored, not yet served).
/// </param>
/// <param name="ActiveDigest">Digest of the VCL text that served it, proven or not; null where it is not known.</param>
public sealed record LeakDetected(
    string Instance,
    long Sequence,
    DateTimeOffset At,
    string Trigger,
    [property: JsonConverter(typeof(ToldDigestJsonConverter)),
        JsonIgnore(Condition = JsonIgnoreCondition.Never)] Digest? ActiveDigest,
    Exposure Exposure)
    : AgentEvent(Instance, Sequence, At);

/// <summary>The level of the pod changed; <paramref name="ByItself"/> where the agent did it on a leak.</summary>
/// <param name="ElapsedMilliseconds">
/// From the end of the response that tripped the wire, as varnishd stamped it, to the bypass.
/// </param>
public sealed record LevelChanged(
    string Instance, long Sequence, DateTimeOffset At, CacheLevel Level, string Reason, bool ByItself,
        double? ElapsedMilliseconds)
    : AgentEvent(Instance, Sequence, At);

/// <summary>A revision began to serve.</summary>
public sealed record RevisionActivated(string Instance, long Sequence, DateTimeOffset At, Digest Digest)
    : AgentEvent(Instance, Sequence, At);

/// <summary>
/// A probe of a trial met a leak, and the pod passes everything. Nobody's page was shown to anybody.
/// </summary>
public sealed record TrialLeaked(
    string Instance, long Sequence, DateTimeOffset At, string Trial, Digest Digest, string Note)
    : AgentEvent(Instance, Sequence, At);

/// <summary>varnishd serves with a VCL that did not come through the agent.</summary>
/// <param name="Digest">Of its text; null where varnishd did not show it.</param>
public sealed record UnprovenVcl(
    string Instance,
    long Sequence,
    DateTimeOffset At,
    string VclName,
    [property: JsonConverter(typeof(ToldDigestJsonConverter)),
        JsonIgnore(Condition = JsonIgnoreCondition.Never)] Digest? Digest)
    : AgentEvent(Instance, Sequence, At);

/// <summary>
/// The cache process of varnishd started anew; nothing is stored and the last proven state was restored.
/// </summary>
public sealed record VarnishRestarted(string Instance, long Sequence, DateTimeOffset At)
    : AgentEvent(Instance, Sequence, At);

/// <summary>One stored object, who stored it, and who was served it.</summary>
/// <param name="ObjectId">Transaction number of the fetch, unique within <paramref name="VarnishStart"/>.</param>
/// <param name="StoredBy">The request that stored it; null where the log no longer holds it.</param>
/// <param name="Omitted">How many more requests were served it than <paramref name="ServedTo"/> has room for.</param>
public sealed record Exposure(
    string ObjectId, DateTimeOffset VarnishStart, Sighting? StoredBy, EquatableList<Sighting> ServedTo,
    int Omitted = 0);

/// <summary>One request without its personal data: identities and targets are keyed hashes.</summary>
/// <param name="Identity">Hash of the identity carriers; null where the request carried none.</param>
/// <param name="Route">The personal route it belongs to, as the policy declares it; null where it is in none.</param>
/// <param name="Target">Hash of the request target.</param>
public sealed record Sighting(
    long Transaction, DateTimeOffset At, string? Identity, string? Route, string Method, string Target);
