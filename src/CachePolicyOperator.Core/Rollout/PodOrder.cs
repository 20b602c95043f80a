using CachePolicyOperator.Core.Model;

namespace CachePolicyOperator.Core.Rollout;

/// <summary>One call to an agent. Every one can be repeated.</summary>
public abstract record PodOrder;

/// <summary>Replace what is watched.</summary>
public sealed record GuardOrder : PodOrder;

/// <summary>Compile a revision and keep it warm.</summary>
public sealed record LoadOrder(Digest Digest) : PodOrder;

/// <summary>Let a loaded revision serve.</summary>
public sealed record ActivateOrder(Digest Digest) : PodOrder;

/// <summary>Change how much is cached.</summary>
public sealed record SetLevelOrder(CacheLevel Level, long AcknowledgesEvent) : PodOrder;

/// <summary>Try the revision that serves.</summary>
public sealed record TryOrder(string Trial) : PodOrder;

/// <summary>End what is tried.</summary>
public sealed record EndTrialOrder : PodOrder;

/// <summary>Forget every stored object.</summary>
public sealed record PurgeOrder : PodOrder;
