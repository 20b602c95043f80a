using CachePolicyOperator.Core.Diagnostics;
using CachePolicyOperator.Core.Routes.Automata;
using CachePolicyOperator.Core.Vcl.Semantics;
using CachePolicyOperator.Core.Vcl.Syntax;
using CachePolicyOperator.Core.Verification.Confirming;
using CachePolicyOperator.Core.Verification.Program;
using CachePolicyOperator.Core.Verification.Properties;

namespace CachePolicyOperator.Core.Verification.Questions;

/// <summary>
/// Proves the properties of DESIGN §4 on the text of a VCL joined with the built-in VCL of its engine, or shows the
/// request that breaks one. What cannot be followed is assumed to be possible; where that costs the proof, the verdict
/// is
/// <see cref="VerdictKind.Unknown"/> and names the place.
/// </summary>
public static class VclVerifier
{
    /// <summary>Code of what a proof could not follow for its size.</summary>
    public const string TooComplex = "vcl/too-complex";

    private static readonly string[] OurBounds = ["vcl/too-large", "vcl/too-deep"];

    /// <summary>
    /// A text of more statements is not looked into: reading them all would take longer than a proof may.
    /// </summary>
    private const int MaxStatements = 30_000;

    // Those whose findings refute a VCL of any author, and those that warn unless it is asked to be strict.
    private static readonly IVclProperty[] Refuting =
    [
        new PersonalRequestCached(), new DefaultCache(), new IdentityUnkeyed(), new UnkeyedInput(),
        new StoredPrivate(), new NotUncacheable(),
        new EsiPersonal(),
    ];

    private static readonly IVclProperty[] Properties =
        [.. Refuting, new UnkeyedField(), new AmbiguousTarget(), new StoredStatus(), new StoredType(),
            new InventedTtl(), new EngineKnown()];

    /// <summary>Codes of the properties that <see cref="VerdictKind.Proven"/> stands for.</summary>
    public static EquatableList<string> PropertyCodes { get; } = Properties.Select(p => p.Code).Distinct()
        .ToEquatableList();

    /// <summary>Codes of the properties that <see cref="VerifySafety"/> asks.</summary>
    public static EquatableList<string> SafetyCodes { get; } = Refuting.Select(p => p.Code).Distinct()
        .ToEquatableList();

    /// <summary>
    /// The verdict on the properties that refute a VCL whoever wrote it; those that only warn are not asked.
    /// </summary>
    public static Verdict VerifySafety(VclParse vcl, VclQuestion question) =>
        Verify(vcl, question, Refuting, Budget.ForProof());

    /// <summary>The verdict on a VCL that was read.</summary>
    public static Verdict Verify(VclParse vcl, VclQuestion question) =>
        Verify(vcl, question, Properties, Budget.ForProof());

    /// <summary>Whether the proof goes through within a budget.</summary>
    internal static bool IsProven(VclParse vcl, VclQuestion question, Budget budget) =>
        Verify(vcl, question, Properties, budget, tries: false).Kind == VerdictKind.Proven;

    /// <summary>
    /// The same without any request that is tried beside the proof: what a test shows to be missing then.
    /// </summary>
    internal static Verdict VerifyWithoutTries(VclParse vcl, VclQuestion question) =>
        Verify(vcl, question, Properties, Budget.ForProof(), tries: false);

    /// <summary>
    /// What is wrong with one request alone, as errors; nothing where it does not leak, or nobody can tell.
    /// </summary>
    internal static IReadOnlyList<Diagnostic> LeaksOf(VclParse vcl, VclQuestion question, Witness request) =>
        vcl.HasErrors
            || VclJoiner.Join(vcl.File, question.Engine, question.AllowsUnused) is not { HasErrors: false } join
            || join.Program.HasInlineC ? []
            : new ProofRun(new ProgramFacts(join.Program, JudgedFields.Of(question.Identity)),
                new FaultLocalizer(join.Program), question, Budget.ForTries()).Try(Properties, () => [request]);

    /// <summary>The same without the properties of one code: what a test shows to be missing then.</summary>
    internal static Verdict VerifyWithout(string code, VclParse vcl, VclQuestion question) =>
        Verify(vcl, question, [.. Properties.Where(p => p.Code != code)], Budget.ForProof());

    private static Verdict Verify(VclParse vcl, VclQuestion question, IReadOnlyList<IVclProperty> properties,
        Budget budget, bool tries = true)
    {
        if (vcl.HasErrors)
        {
            // How much we read is our own bound, not varnishd's.
            var isOurs = vcl.Diagnostics.Items.Any(d => OurBounds.Contains(d.Code));
            return new Verdict(isOurs ? VerdictKind.Unknown : VerdictKind.Invalid,
                vcl.Diagnostics.Items.Select(d => d.ToDiagnostic()).ToEquatableList());
        }

        if (IsTooLong(vcl.File))
        {
            return new Verdict(VerdictKind.Unknown, [
                .. vcl.Diagnostics.Items.Select(d => d.ToDiagnostic()),
                Diagnostic.Error(TooComplex, vcl.File.Source.Name,
                    $"it has more than {MaxStatements} statements and declarations",
                    "split it into several VCLs, one for each site"),
            ]);
        }

        var join = VclJoiner.Join(vcl.File, question.Engine, question.AllowsUnused);
        var found = vcl.Diagnostics.Items.Concat(join.Diagnostics.Items).Select(d => d.ToDiagnostic()).ToList();
        if (join.HasErrors)
        {
            return new Verdict(VerdictKind.Invalid, found.ToEquatableList());
        }

        if (join.Program.HasInlineC)
        {
            found.Add(Diagnostic.Error(ProofRun.NotUnderstood, vcl.File.Source.Name, "embedded C can do anything",
                "write it in VCL, or as a vmod"));
            return new Verdict(VerdictKind.Unknown, found.ToEquatableList());
        }

        var facts = new ProgramFacts(join.Program, JudgedFields.Of(question.Identity));
        var proof = new ProofRun(facts, new FaultLocalizer(join.Program), question, budget);
        var isUnknown = false;
        foreach (var (place, reason) in RequestSmuggling.Edits(join.Program, facts)
            .Concat(CookiesFromStored.Edits(join.Program)).Concat(TwoNames.Uses(join.Program))
            .Concat(ForeignFiles.Uses(join.Program, facts.Vmods)))
        {
            isUnknown = true;
            found.Add(ProofRun.NotFollowed(place, reason));
        }

        // What only warns comes last: no verdict waits for it.
        foreach (var (code, check, isOwed) in properties.Where(Refuting.Contains).Select(Checked)
            .Append(("restarts", proof.CheckRestarts, true))
            .Concat(properties.Except(Refuting).OrderBy(p => p is EngineKnown ? 0 : 1).Select(Checked)))
        {
            if (proof.IsSpent && !isOwed)
            {
                found.Add(NotLookedAt(code, vcl.File, "what else was asked took all of its steps"));
                continue;
            }

            try
            {
                var diagnostics = check();
                isUnknown |= diagnostics.Any(d => d.Code == ProofRun.NotUnderstood);
                found.AddRange(diagnostics);
            }
            catch (UnsupportedVclException unsupported)
            {
                isUnknown = true;
                found.Add(Diagnostic.Error(ProofRun.NotUnderstood, unsupported.Place.ToString(), unsupported.Message,
                    "the proof needs statements that it knows; move this out of the VCL, or cache less") with
                { Place = unsupported.Place.ToPlace() });
                break;
            }
            catch (BudgetExceededException exceeded) when (!isOwed)
            {
                found.Add(NotLookedAt(code, vcl.File, exceeded.Message));
            }
            catch (BudgetExceededException exceeded)
            {
                isUnknown = true;
                found.Add(Diagnostic.Error(TooComplex, vcl.File.Source.Name,
                    $"`{code}` cannot be decided: {exceeded.Message}",
                    "use fewer independent conditions, or simpler patterns, on the way to a lookup"));
                if (proof.IsSpent)
                {
                    break;
                }
            }
        }

        (string Code, Func<IReadOnlyList<Diagnostic>> Check, bool IsOwed) Checked(IVclProperty property) =>
            (property.Code, () => proof.Check(property), question.Strict || Refuting.Contains(property));

        if (tries && isUnknown && !found.Exists(Refutes))
        {
            // A leak that can be shown needs no proof.
            var run = new ProofRun(facts, new FaultLocalizer(join.Program), question, Budget.ForTries());
            found.InsertRange(0, run.Try(
                properties, () => new TrialRequests(join.Program, question, run.Patterns).All()));
        }

        var distinct = found.Distinct().OrderBy(Rank).ToEquatableList();
        var isRefuted = distinct.Items.Any(Refutes);
        return new Verdict(isRefuted ? VerdictKind.Refuted : isUnknown ? VerdictKind.Unknown
            : VerdictKind.Proven, distinct);
    }

    private static Diagnostic NotLookedAt(string code, VclFile vcl, string why) => Diagnostic.Warning(
        code, vcl.Source.Name, $"whether anything is to be warned of is not known: {why}",
        "use fewer independent conditions, or simpler patterns, on the way to a lookup");

    private static bool Refutes(Diagnostic found) =>
        found.Severity == Severity.Error && found.Code is not ProofRun.NotUnderstood and not TooComplex;

    // Leaks first, then what only stands in the way of a proof, then what weakens.
    private static int Rank(Diagnostic found) =>
        found.Severity != Severity.Error ? 3 : !Refutes(found) ? 2 : found.Witness is null ? 1 : 0;

    private static bool IsTooLong(VclFile file) =>
        file.Declarations.Items.SelectMany(d => d is SubDeclaration sub ? sub.Body.WithNested() : [])
            .Take(MaxStatements + 1).Count() + file.Declarations.Count > MaxStatements;
}
