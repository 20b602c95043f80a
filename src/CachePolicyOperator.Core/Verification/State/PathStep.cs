using CachePolicyOperator.Core.Vcl.Syntax;

namespace CachePolicyOperator.Core.Verification.State;

/// <summary>How a statement or condition took part in a path.</summary>
internal enum StepKind
{
    /// <summary>A statement that ran.</summary>
    Done,

    /// <summary>A condition that held.</summary>
    Held,

    /// <summary>A condition that did not hold.</summary>
    Failed,
}

/// <summary>A step of a path with the one before it. Compares by identity: two paths may share a beginning.</summary>
internal sealed class PathStep(SourceSpan place, StepKind kind, PathStep? before)
{
    public SourceSpan Place => place;

    public StepKind Kind => kind;

    public PathStep? Before => before;

    /// <summary>This step and all before it, the first one first.</summary>
    public IReadOnlyList<PathStep> ToList()
    {
        var steps = new List<PathStep>();
        for (var step = this; step is not null; step = step.Before)
        {
            steps.Add(step);
        }

        steps.Reverse();
        return steps;
    }
}
