namespace CachePolicyOperator.Bench.Hits;

/// <summary>
/// Two VCLs that serve the same hits, side by side: how many of the first one's hits a second the other serves.
/// </summary>
/// <param name="Goal">The least share.</param>
/// <param name="Paths">What is asked for, one after the other.</param>
/// <param name="Plain">The VCL to compare with, for an origin on this port of loopback.</param>
/// <param name="Ours">The VCL that is compared, for the same origin.</param>
internal sealed record HitsRow(
    string Name, string What, double Goal, IReadOnlyList<string> Paths, Func<int, string> Plain, Func<int,
        string> Ours);
