namespace CachePolicyOperator.Origins.Probing;

/// <summary>A request target, each character one byte, that may or may not reach a personal route.</summary>
/// <param name="Behavior">The id of the behaviour of an origin that it is about; several of them joined by
/// <c>+</c>.</param>
public sealed record Probe(string Behavior, string Target);
