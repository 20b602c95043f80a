using CachePolicyOperator.Core.Diagnostics;

namespace CachePolicyOperator.Core.Verification.Properties;

/// <summary>Hand-written VCL is not understood yet, and what is not understood is not trusted.</summary>
internal sealed class HandWrittenVcl : IProperty
{
    public string Code => "vcl/unproven";

    public IEnumerable<Diagnostic> Check(PolicyFacts facts) =>
        facts.Policies.Policy.Vcl is null
            ? []
            : [Diagnostic.Error(Code, "spec.vcl", "hand-written VCL cannot be proven by this version", "write the policy as `rules`")];
}
