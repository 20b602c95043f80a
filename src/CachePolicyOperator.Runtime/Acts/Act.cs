namespace CachePolicyOperator.Runtime.Acts;

/// <summary>Something that changes the world outside the process: an API write, an agent call.</summary>
/// <param name="Kind">What is done, as a stable word with a prefix: <c>api/apply</c>, <c>agent/load</c>.</param>
/// <param name="Target">What it is done to: <c>Service web/storefront-entry</c>.</param>
/// <param name="Detail">What a reader of a trace would ask next; never a secret, never a whole spec.</param>
public sealed record Act(string Kind, string Target, string Detail = "");
