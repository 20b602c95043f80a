using CachePolicyOperator.Core.Diagnostics;
using CachePolicyOperator.Core.Vcl.Syntax;
using CachePolicyOperator.Core.Verification.Properties;

namespace CachePolicyOperator.Core.Verification.Questions;

/// <summary>
/// Compares two VCLs by their leaks. Each is told by the request that shows it, which is put to the other VCL: so a
/// leak that moved to another line is the same, and of two that are told at one line, one may have gone.
/// </summary>
public static class LeakComparer
{
    /// <summary>The leaks that went, came and stayed, route by route.</summary>
    /// <param name="routes">What is asked for each personal route, with the route as it was declared.</param>
    public static LeakComparison Compare(
        VclParse before, VclParse after, IReadOnlyList<(string Route, VclQuestion Question)> routes)
    {
        var (old, next) = (new Side(before), new Side(after));
        var (went, came, stayed) = (new List<RouteLeak>(), new List<RouteLeak>(), new List<RouteLeak>());
        foreach (var (route, question) in routes)
        {
            var (was, becomes) = (old.Verify(question), next.Verify(question));
            went.AddRange(was.Where(l => !Leaks(after, question, l, becomes)).Select(l => Of(route, l)));
            foreach (var leak in becomes)
            {
                (Leaks(before, question, leak, was) ? stayed : came).Add(Of(route, leak));
            }
        }

        return new LeakComparison(old.Kind, next.Kind, Once(went), Once(came), Once(stayed));
    }

    private static RouteLeak Of(string route, Diagnostic leak) =>
        new(leak.Code == PersonalRequestCached.PersonalCode ? route : null, leak);

    // What takes two requests to show is told by what it says.
    private static bool Leaks(VclParse vcl, VclQuestion question, Diagnostic leak, IEnumerable<Diagnostic> found) =>
        found.Any(f => f.Code == leak.Code && f.Message == leak.Message && f.Witness == leak.Witness)
        || (VclVerifier.LeaksOf(vcl, question, leak.Witness!) is { Count: > 0 } shown
            ? shown.Any(f => f.Code == leak.Code)
            : leak.Code != PersonalRequestCached.PersonalCode
                && found.Any(f => f.Code == leak.Code && f.Message == leak.Message));

    // What has nothing to do with the routes is found for each of them.
    private static EquatableList<RouteLeak> Once(IEnumerable<RouteLeak> leaks) =>
        leaks.DistinctBy(l => (l.Leak.Code, l.Leak.Message, l.Leak.Path, l.Leak.Witness)).ToEquatableList();

    /// <summary>One of the two VCLs, with the worst verdict on it.</summary>
    private sealed class Side(VclParse vcl)
    {
        public VerdictKind Kind { get; private set; } = VerdictKind.Proven;

        public IReadOnlyList<Diagnostic> Verify(VclQuestion question)
        {
            var verdict = VclVerifier.Verify(vcl, question);
            Kind = verdict.Kind == VerdictKind.Invalid || Kind == VerdictKind.Invalid ? VerdictKind.Invalid
                : verdict.Kind == VerdictKind.Refuted || Kind == VerdictKind.Refuted ? VerdictKind.Refuted
                : verdict.Kind == VerdictKind.Unknown ? VerdictKind.Unknown : Kind;
            return [.. verdict.Diagnostics.Items.Where(d => d is { Severity: Severity.Error, Witness: not null })];
        }
    }
}
