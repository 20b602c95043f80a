namespace CachePolicyOperator.Runtime.Queues;

/// <summary>How many keys are due and nobody works on, and for how long the oldest of them has been.</summary>
internal readonly record struct LineWait(int Depth, TimeSpan Oldest);

/// <summary>A queue that can be looked at by name.</summary>
internal interface IWaitingLine
{
    string Name { get; }

    LineWait Waiting { get; }
}
