namespace CachePolicyOperator.Chaos;

/// <summary>
/// Something that is done to a site at random. The number says which of several, so that a seed says all.
/// </summary>
internal sealed record Deed(string Name, int Weight, Func<ChaosSite, int, CancellationToken, Task> Do);
