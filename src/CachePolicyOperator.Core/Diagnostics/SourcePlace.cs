namespace CachePolicyOperator.Core.Diagnostics;

/// <summary>
/// A stretch of one line of a text that was read: line and column from 1, columns and length in bytes.
/// </summary>
public sealed record SourcePlace(string File, int Line, int Column, int Length)
{
    public override string ToString() => $"{File}:{Line}:{Column}";
}

/// <summary>
/// A statement or a condition on the way to what a diagnostic is about: <paramref name="Text"/> is one line for a
/// person.
/// </summary>
public sealed record TraceStep(SourcePlace Place, string Text);
