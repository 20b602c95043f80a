namespace CachePolicyOperator.Bench.Measuring;

/// <summary>One thing to measure.</summary>
/// <param name="Prepare">Makes the input, unmeasured, and returns the work; the work returns what came out.</param>
/// <param name="Goal">Null where the part is only something to compare with.</param>
internal sealed record Part(string Name, string What, Goal? Goal, Plan Plan, Func<Func<string>> Prepare);
