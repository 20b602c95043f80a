using CachePolicyOperator.TestStage.Traffic;

namespace CachePolicyOperator.TestStage.Watching;

/// <summary>What clients got, what was seen beside them, and what was done meanwhile.</summary>
public sealed record Recording(
    IReadOnlyList<Answer> Answers, IReadOnlyList<Look> Looks, IReadOnlyList<(TimeSpan At, string Act)> Acts)
{
    public override string ToString() => $"{Answers.Count} answers, {Looks.Count} looks";

    /// <summary>The part from a moment on.</summary>
    public Recording Since(TimeSpan from) => new(
        [.. Answers.Where(a => a.Asked >= from)], [.. Looks.Where(l => l.At >= from)],
            [.. Acts.Where(a => a.At >= from)]);
}
