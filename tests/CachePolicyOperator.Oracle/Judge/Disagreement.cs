namespace CachePolicyOperator.Oracle.Judge;

/// <summary>What varnishd did and the exploration considers impossible.</summary>
/// <param name="Kind">What it is about: <c>input</c>, <c>lookup</c>, <c>key</c>, <c>forwarded</c>, <c>stored</c>,
/// <c>hit</c>, <c>proven</c>; of a policy also <c>policy</c>, <c>text</c>, <c>held</c>, <c>refused</c>.</param>
/// <param name="Exchange">The number of the exchange in its batch.</param>
public sealed record Disagreement(string Kind, int Exchange, string Detail)
{
    public override string ToString() => $"{Kind}: {Detail}";
}

/// <summary>What the judge found in a batch.</summary>
/// <param name="Decisions">How many requests were judged.</param>
/// <param name="Imprecise">How many requests the exploration allowed more than happened, by the reason.</param>
public sealed record Judgement(
    int Decisions, int Lookups, int Fetches, int Stored, int Hits, IReadOnlyList<Disagreement> Unsound,
        IReadOnlyDictionary<string, int> Imprecise)
{
    /// <summary>One where the VCL was proven to leak nothing; then leaks are among the disagreements.</summary>
    public int Proven { get; init; }
}
