using CachePolicyOperator.Core.Vcl.Syntax;

namespace CachePolicyOperator.Core.Vcl.Semantics;

/// <summary>One kind of mistake for which varnishd refuses a VCL that is well formed.</summary>
internal interface IProgramCheck
{
    void Run(VclProgram program, DiagnosticBag diagnostics);
}
