using CachePolicyOperator.Core.Routes.Automata;

namespace CachePolicyOperator.Core.Verification.Policies;

/// <summary>
/// The arcs of one state of the origin's readings, those that read nothing apart and the others by byte class.
/// </summary>
internal sealed class ReadingRow
{
    private readonly (int Output, int To)[]?[] _byClass;

    public ReadingRow(TransducerArc[] arcs, ByteClasses classes)
    {
        Silent = [.. arcs.Where(a => a.ReadsNothing).Select(a => (a.Output, a.To))];
        _byClass = new (int, int)[classes.Count][];
        foreach (var group in arcs.Where(a => !a.ReadsNothing)
            .SelectMany(a => classes.ClassesOf(a.Input).Select(c => (c, a.Output, a.To))).GroupBy(a => a.c))
        {
            _byClass[group.Key] = [.. group.Select(a => (a.Output, a.To))];
        }
    }

    public (int Output, int To)[] Silent { get; }

    public (int Output, int To)[] Reading(int byteClass) => _byClass[byteClass] ?? [];
}
