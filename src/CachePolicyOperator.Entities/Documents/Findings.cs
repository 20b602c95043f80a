using CachePolicyOperator.Core;
using CachePolicyOperator.Core.Diagnostics;

namespace CachePolicyOperator.Entities.Documents;

/// <summary>Collects what is wrong, all of it, up to a bound that a status and a terminal can bear.</summary>
internal sealed class Findings
{
    private const int Shown = 100;
    private const int LongestSentence = 500;

    private readonly List<Diagnostic> _found = [];
    private int _left;

    public bool HasErrors { get; private set; }

    /// <summary>Whether another finding would only be counted, so that its sentence need not be made.</summary>
    public bool IsFull => _found.Count >= Shown;

    public void Add(Diagnostic diagnostic)
    {
        HasErrors |= diagnostic.Severity == Severity.Error;
        if (_found.Count < Shown)
        {
            _found.Add(
                diagnostic with
                {
                    Message = Bounded(diagnostic.Message),
                    Help = diagnostic.Help is { } help
                ? Bounded(help) : null
                });
        }
        else
        {
            _left++;
        }
    }

    public void Error(string code, string path, string message, string? help = null) =>
        Add(Diagnostic.Error(code, path, message, help));

    public EquatableList<Diagnostic> ToList()
    {
        IEnumerable<Diagnostic> all = _left == 0
            ? _found
            : _found.Append(Diagnostic.Error("diagnostics/more", "spec", $"{_left:N0} more are not shown",
                "mend these first"));
        return all.ToEquatableList();
    }

    // Checks of the core quote what was written; here it is made fit for a status and a terminal.
    private static string Bounded(string sentence) => Quoted.Plain(sentence, LongestSentence);
}
