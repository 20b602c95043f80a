using CachePolicyOperator.Core.Diagnostics;

namespace CachePolicyOperator.Entities.Documents;

/// <summary>
/// Ends the reading of a text that is YAML but not one that we read. Caught by <see cref="YamlDocuments"/>.
/// </summary>
internal sealed class YamlRefusedException(Diagnostic diagnostic) : Exception(diagnostic.Message)
{
    public Diagnostic Diagnostic { get; } = diagnostic;
}
