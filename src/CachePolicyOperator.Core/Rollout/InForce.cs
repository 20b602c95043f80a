using System.Text.Json.Serialization;
using CachePolicyOperator.Core.AgentProtocol;
using CachePolicyOperator.Core.Model;
using CachePolicyOperator.Core.Vcl.Render;

namespace CachePolicyOperator.Core.Rollout;

/// <summary>
/// What holds for a policy: its last proven state, whatever its spec says now. Kept in the cluster, so that neither a
/// bad edit nor a restart of the operator changes anything that serves.
/// </summary>
/// <param name="Generation">Generation of the spec that was proven.</param>
/// <param name="Guard">What is watched for; without the key, which is no business of a ConfigMap.</param>
public sealed record InForce(
    Digest Revision,
    long Generation,
    RenderTarget Target,
    Origin Origin,
    CacheWorkload Cache,
    EquatableList<Entrypoint> Entrypoints,
    GuardSettings OnGuard,
    FallbackSettings Fallback,
    RolloutSettings Rollout,
    GuardConfiguration Guard)
{
    /// <summary>By whom it was to be reviewed, which who comes after must meet; null where by nobody.</summary>
    public ReviewSettings? Review { get; init; }

    /// <summary>
    /// The origins of rules whose requests nobody answers where there is no cache that leads them there.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public EquatableList<string> Uncovered { get; init; } = [];

    /// <summary>What it is tried with.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public EquatableList<string> TrialTargets { get; init; } = [];

    /// <summary>What has yet to earn its traffic: this itself, or what is to come after it. Null: nothing.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Trial? Trial { get; init; }

    /// <summary>
    /// The revision that pods may go on with until it is their turn to change; null where all change at once.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Digest? Lingering { get; init; }

    /// <summary>
    /// What was in force before this passed its trial, for who takes it back; null where that is not known.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public InForce? Before { get; init; }

    /// <summary>This alone: without what is tried beside it, and what was before.</summary>
    [JsonIgnore]
    public InForce Alone => this with { Trial = null, Lingering = null, Before = null };

    public static InForce Of(AdmittedPolicy admitted)
    {
        ArgumentNullException.ThrowIfNull(admitted);
        var (set, target, revision, generation) = admitted.Proven;
        return new InForce(
            revision.Digest,
            generation,
            target,
            set.Policy.Origin,
            set.Policy.Cache,
            set.Policy.Entrypoints,
            set.Policy.Guard,
            set.Policy.Fallback,
            set.Policy.Rollout,
            GuardOf.Policies(set))
        {
            Review = set.Policy.Review is { IsDemanded: true } review ? review : null,
            Uncovered = set.Policy.Origins.Items
                .Where(o => !o.IsCovered && set.Policy.Rules.Items.Any(r => r.Origin == o.Name))
                .Select(o => o.Name).ToEquatableList(),
            TrialTargets = set.Policy.Rollout.CanaryPods > 0 ? ProbeTargets.Of(set) : [],
        };
    }
}
