using CachePolicyOperator.Core;
using CachePolicyOperator.Core.Diagnostics;

namespace CachePolicyOperator.Entities.Documents;

/// <summary>
/// The documents of one text, and what is wrong with its syntax. Where an error stands, later documents may be missing.
/// </summary>
public sealed record DocumentResult(EquatableList<Document> Documents, EquatableList<Diagnostic> Diagnostics);
