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
internal sealed class ExecutionStep(SourceSpan place, StepKind kind, ExecutionStep? before)
{
    public SourceSpan Place => place;

    public StepKind Kind => kind;

    public ExecutionStep? Before => before;

    /// <summary>This step and all before it, the first one first.</summary>
    public IReadOnlyList<ExecutionStep> ToList()
    {
        var steps = new List<ExecutionStep>();
        for (var step = this; step is not null; step = step.Before)
        {
            steps.Add(step);
        }

        steps.Reverse();
        return steps;
    }
}
