using CachePolicyOperator.Core.Diagnostics;

namespace CachePolicyOperator.Core.Verification.Policies;

/// <summary>One thing that is checked on the model of a policy set.</summary>
internal interface IPolicyProperty
{
    /// <summary>The code of what is found, or of the worst of it.</summary>
    string Code { get; }

    IEnumerable<Diagnostic> Check(ModelFacts facts);
}
