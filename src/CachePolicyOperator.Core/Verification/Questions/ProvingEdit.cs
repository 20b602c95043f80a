using CachePolicyOperator.Core.Diagnostics;
using CachePolicyOperator.Core.Routes.Automata;
using CachePolicyOperator.Core.Vcl.Syntax;

namespace CachePolicyOperator.Core.Verification.Questions;

/// <summary>A small edit of a refuted VCL after which it is proven: the edited text was put to the proof.</summary>
/// <param name="Place">What is written instead of; of no length where something is put before it.</param>
/// <param name="Text">What is written there.</param>
public sealed record ProvingEdit(SourcePlace Place, string Text)
{
    private const string Guard = "if (req.http.Cookie || req.http.Authorization) { return (pass); }";
    private const string Pass = "return (pass);";

    /// <summary>
    /// So many places are looked at, and each text is a proof of its own, of a share of what one may take.
    /// </summary>
    private const int MaxPlaces = 2;

    /// <summary>The first edit that proves the VCL, small ones first; null where none of those tried does.</summary>
    public static ProvingEdit? Find(VclParse vcl, Verdict verdict, VclQuestion question)
    {
        if (verdict.Kind != VerdictKind.Refuted || vcl.File.Sources.Items is not [{ File: var source }])
        {
            return null;
        }

        var places = verdict.Diagnostics.Items.Where(d => d is { Severity: Severity.Error, Place: not null })
            .Select(d => d.Place!).Where(p => p.File == source.Name).Distinct().Take(MaxPlaces + 1).ToList();
        var budget = Budget.ForEdits();
        return places.Count > MaxPlaces ? null
            : places.SelectMany(p => Candidates(source, p)).FirstOrDefault(e => e.Proves(source, question, budget));
    }

    private static IEnumerable<ProvingEdit> Candidates(SourceFile source, SourcePlace place)
    {
        var here = source.SpanOf(place);
        var before = place with { Length = 0 };
        return here.Text.StartsWith("return", StringComparison.OrdinalIgnoreCase)
            ? [new(before, $"{Guard} "), new(place, Pass)]
            : here.Text == "}" ? [new(before, $"{Guard}\n"), new(before, $"{Pass}\n")]
            : [];
    }

    private bool Proves(SourceFile source, VclQuestion question, Budget budget)
    {
        var span = source.SpanOf(Place);
        var edited = VclParser.Parse(SourceFile.FromBytes(source.Name,
            System.Text.Encoding.Latin1.GetBytes(string.Concat(source.Text.AsSpan(0, span.Start), Text,
                source.Text.AsSpan(span.End)))), VclFiles.None);
        return !budget.IsSpent && VclVerifier.IsProven(edited, question, budget);
    }
}
