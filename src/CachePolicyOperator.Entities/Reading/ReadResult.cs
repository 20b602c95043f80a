using CachePolicyOperator.Core;
using CachePolicyOperator.Core.Diagnostics;
using CachePolicyOperator.Entities.Documents;

namespace CachePolicyOperator.Entities.Reading;

/// <summary>What was read, or everything that is wrong with it. Null exactly where an error stands.</summary>
public sealed record ReadResult<T>(T? Value, EquatableList<Diagnostic> Diagnostics)
    where T : class;

/// <summary>Makes results of what was read and found.</summary>
internal static class ReadResult
{
    /// <summary>The value, or null where an error stands.</summary>
    public static ReadResult<T> Of<T>(Findings findings, Func<T> value)
        where T : class => new(findings.HasErrors ? null : value(), findings.ToList());
}
