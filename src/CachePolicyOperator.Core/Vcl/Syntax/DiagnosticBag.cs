using CachePolicyOperator.Core.Diagnostics;

namespace CachePolicyOperator.Core.Vcl.Syntax;

/// <summary>
/// Collects what is wrong with a VCL: at most one error a place, and only so many that a person would read.
/// </summary>
internal sealed class DiagnosticBag
{
    private const int Limit = 100;

    private readonly List<VclDiagnostic> _diagnostics = [];
    private readonly HashSet<(SourceFile File, int Start)> _places = [];

    public bool HasErrors { get; private set; }

    public EquatableList<VclDiagnostic> ToList() => _diagnostics.ToEquatableList();

    public void Error(string code, SourceSpan span, string message, string? help = null)
    {
        HasErrors = true;
        if (_diagnostics.Count < Limit && _places.Add((span.File, span.Start)))
        {
            _diagnostics.Add(VclDiagnostic.Error(code, span, message, help));
        }
    }

    public void Warning(string code, SourceSpan span, string message, string? help = null)
    {
        if (_diagnostics.Count < Limit)
        {
            _diagnostics.Add(new VclDiagnostic(code, Severity.Warning, span, message, help));
        }
    }
}
