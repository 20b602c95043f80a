using CachePolicyOperator.Core.Diagnostics;
using CachePolicyOperator.Core.Routes;
using CachePolicyOperator.Core.Routes.Automata;
using CachePolicyOperator.Core.Vcl;
using CachePolicyOperator.Core.Vcl.Render;
using CachePolicyOperator.Core.Vcl.Semantics;
using CachePolicyOperator.Core.Vcl.Syntax;
using CachePolicyOperator.Core.Verification.Confirming;
using CachePolicyOperator.Core.Verification.Program;

namespace CachePolicyOperator.Core.Verification.Questions;

/// <summary>
/// Compares what two VCLs let into the shared cache. What appeared may hold too much, never too little: of the new VCL
/// all that may be cacheable counts, of the old one only what surely was. Two texts that are rendered from policies,
/// which ask for the parameters of a query one by one, are compared on requests whose query is in order: it says the
/// same in any other.
/// </summary>
public static class VclComparer
{
    private const int Examples = 4;

    /// <summary>The changes, of the classes for which there are any.</summary>
    /// <param name="mayBeEdited">
    /// Whether a text that looks rendered may be a copy that somebody edited: then every spelling is compared.
    /// </param>
    public static VclComparison Compare(
        VclParse before, VclParse after, EngineVersion engine, bool allowsUnused = false,
        bool mayBeEdited = false)
    {
        var problems = new List<Diagnostic>();
        var isInvalid = false;
        var inOrder = !mayBeEdited && VclRenderer.IsRendered(before.File.Source.Text)
            && VclRenderer.IsRendered(after.File.Source.Text);
        var (old, next) = (Read(before), Read(after));
        if (old is null || next is null
            || CanonicalPrinter.Print(before.File).Text == CanonicalPrinter.Print(after.File).Text)
        {
            return new VclComparison([], problems.ToEquatableList()) { IsInvalid = isInvalid };
        }

        var changes = new List<CacheableChange>();
        foreach (var requests in Enum.GetValues<RequestClass>())
        {
            if (Cacheable(old, before, requests, problems) is { } was
                && Cacheable(next, after, requests, problems) is { } becomes)
            {
                var budget = Budget.ForProof();
                try
                {
                    var appeared = Difference(becomes, was, budget);
                    var disappeared = Difference(was, becomes, budget);
                    if (!appeared.IsEmpty || !disappeared.IsEmpty)
                    {
                        var fresh = SetOf(becomes.May.Except(was.May, budget), doubt: null);
                        changes.Add(new CacheableChange(
                            requests,
                            // What is new by any reading is the better example.
                            appeared with
                            {
                                Examples = fresh.Examples.Items.Concat(appeared.Examples.Items).Distinct()
                                    .Take(Examples).ToEquatableList(),
                            },
                            disappeared)
                        {
                            New = fresh,
                        });
                    }
                }
                catch (BudgetExceededException exceeded)
                {
                    problems.Add(TooComplex(after, exceeded));
                }
            }
        }

        return new VclComparison(changes.ToEquatableList(), problems.Distinct().ToEquatableList());

        ProgramFacts? Read(VclParse vcl)
        {
            var join = vcl.HasErrors ? null : VclJoiner.Join(vcl.File, engine, allowsUnused);
            problems.AddRange(
                vcl.Diagnostics.Items.Concat(join?.Diagnostics.Items ?? []).Select(d => d.ToDiagnostic()));
            isInvalid |= join is null or { HasErrors: true };
            return join is { HasErrors: false } ? ProgramOf(vcl, join, inOrder, problems) : null;
        }
    }

    private static ProgramFacts? ProgramOf(VclParse vcl, VclJoin join, bool inOrder, List<Diagnostic> problems)
    {
        if (!join.Program.HasInlineC)
        {
            return new ProgramFacts(join.Program) { QueriesAreInOrder = inOrder };
        }

        problems.Add(Diagnostic.Error(ProofRun.NotUnderstood, vcl.File.Source.Name, "embedded C can do anything",
            "write it in VCL, or as a vmod"));
        return null;
    }

    private static CacheableTargets? Cacheable(ProgramFacts program, VclParse vcl, RequestClass requests,
        List<Diagnostic> problems)
    {
        try
        {
            return CacheableTargets.Of(program, requests, Budget.ForProof());
        }
        catch (UnsupportedVclException unsupported)
        {
            problems.Add(Diagnostic.Error(ProofRun.NotUnderstood, unsupported.Place.ToString(), unsupported.Message,
                "what cannot be followed cannot be compared") with
            { Place = unsupported.Place.ToPlace() });
        }
        catch (BudgetExceededException exceeded)
        {
            problems.Add(TooComplex(vcl, exceeded));
        }

        return null;
    }

    private static TargetSet Difference(CacheableTargets more, CacheableTargets less, Budget budget)
    {
        var targets = more.May.Except(less.Surely, budget);
        var doubt = targets.IsEmpty || more.May.Equals(more.Surely) && less.May.Equals(less.Surely) ? null
            : (more.Doubt ?? less.Doubt)?.Reason;
        return SetOf(targets, doubt);
    }

    // Examples are paths, where there are any.
    private static TargetSet SetOf(Language targets, string? doubt)
    {
        var paths = targets.Intersect(CanonicalTarget.Language, Budget.ForPattern());
        return new(LanguagePattern.Of(targets),
            (paths.IsEmpty ? targets : paths).Samples(Examples).Select(Readable).ToEquatableList(), doubt);
    }

    private static string Readable(byte[] target) =>
        string.Concat(target.Select(b => b is > 0x20 and < 0x7f && b != '\\' ? ((char)b).ToString() : $"\\x{b:x2}"));

    private static Diagnostic TooComplex(VclParse vcl, BudgetExceededException exceeded) => Diagnostic.Error(
        "vcl/too-complex", vcl.File.Source.Name, $"what it makes cacheable cannot be decided: {exceeded.Message}",
        "use fewer independent conditions, or simpler patterns, on the way to a lookup");
}
