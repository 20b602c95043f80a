namespace CachePolicyOperator.Agent.Guard;

/// <summary>
/// A stored object: the number of the fetch that stored it, which is unique within one start of varnishd.
/// </summary>
internal readonly record struct ObjectKey(ulong Fetch, DateTimeOffset VarnishStart);
