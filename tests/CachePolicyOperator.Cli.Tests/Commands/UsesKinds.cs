namespace CachePolicyOperator.Cli.Tests.Commands;

/// <summary>Tests of one control plane's kinds: one of them changes a kind for a moment.</summary>
[CollectionDefinition(nameof(UsesKinds))]
public sealed class UsesKinds;
