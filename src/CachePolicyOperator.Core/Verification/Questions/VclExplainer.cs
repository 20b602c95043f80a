using CachePolicyOperator.Core.Diagnostics;
using CachePolicyOperator.Core.Routes.Automata;
using CachePolicyOperator.Core.Vcl;
using CachePolicyOperator.Core.Vcl.Semantics;
using CachePolicyOperator.Core.Vcl.Syntax;
using CachePolicyOperator.Core.Verification.Confirming;
using CachePolicyOperator.Core.Verification.Program;

namespace CachePolicyOperator.Core.Verification.Questions;

/// <summary>Tells what a VCL does with one request, by the same execution that proves it.</summary>
public static class VclExplainer
{
    /// <summary>The decisions; where the VCL cannot be followed, why.</summary>
    public static VclExplanation Explain(
        VclParse vcl, Request request, EngineVersion engine, bool allowsUnused = false)
    {
        var found = vcl.Diagnostics.Items.Select(d => d.ToDiagnostic()).ToList();
        if (vcl.HasErrors)
        {
            return new VclExplanation([], found.ToEquatableList()) { IsInvalid = true };
        }

        var join = VclJoiner.Join(vcl.File, engine, allowsUnused);
        found.AddRange(join.Diagnostics.Items.Select(d => d.ToDiagnostic()));
        if (join.HasErrors)
        {
            return new VclExplanation([], found.ToEquatableList()) { IsInvalid = true };
        }

        try
        {
            var decisions = new ConcreteExecution(new ProgramFacts(join.Program), request, Budget.ForProof()).Tell()
                .ToEquatableList();
            return new VclExplanation(decisions, found.ToEquatableList());
        }
        catch (UnsupportedVclException unsupported)
        {
            found.Add(Diagnostic.Error(ProofRun.NotUnderstood, unsupported.Place.ToString(),
                unsupported.Message) with
            { Place = unsupported.Place.ToPlace() });
        }
        catch (BudgetExceededException exceeded)
        {
            found.Add(Diagnostic.Error("vcl/too-complex", vcl.File.Source.Name,
                $"the request cannot be followed: {exceeded.Message}"));
        }

        return new VclExplanation([], found.ToEquatableList());
    }
}
