using CachePolicyOperator.Core;
using CachePolicyOperator.Core.Diagnostics;

namespace CachePolicyOperator.Entities.Reading;

/// <summary>What was read, or everything that is wrong with it. Null exactly where an error stands.</summary>
public sealed record ReadResult<T>(T? Value, EquatableList<Diagnostic> Diagnostics)
    where T : class;
