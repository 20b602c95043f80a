using CachePolicyOperator.Core.Diagnostics;

namespace CachePolicyOperator.Core.Vcl.Syntax;

/// <summary>One thing that is wrong with a VCL, with the exact stretch of text that it is about.</summary>
public sealed record VclDiagnostic(string Code, Severity Severity, SourceSpan Span, string Message, string? Help = null)
{
    public static VclDiagnostic Error(string code, SourceSpan span, string message, string? help = null) =>
        new(code, Severity.Error, span, message, help);

    public static VclDiagnostic Warning(string code, SourceSpan span, string message, string? help = null) =>
        new(code, Severity.Warning, span, message, help);

    /// <summary>The form that admission answers, status and reports share.</summary>
    public Diagnostic ToDiagnostic() => new(Code, Severity, Span.ToString(), Message, Help) { Place = Span.ToPlace() };

    public override string ToString() => ToDiagnostic().ToString();
}
