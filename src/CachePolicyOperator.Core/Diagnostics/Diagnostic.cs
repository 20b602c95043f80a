namespace CachePolicyOperator.Core.Diagnostics;

/// <summary>How much a <see cref="Diagnostic"/> weighs: an error refutes, a warning does not.</summary>
public enum Severity
{
    Warning,
    Error,
}

/// <summary>
/// One thing that is wrong with what a user wrote: a stable code, the place as a path
/// (<c>spec.rules[1].match.regex</c>, or <c>default.vcl:12:3</c>), the sentence, the remedy, and, where there is one,
/// the request that shows it.
/// </summary>
public sealed record Diagnostic(
    string Code, Severity Severity, string Path, string Message, string? Help = null, Witness? Witness = null)
{
    /// <summary>The place in a text; null where the diagnostic is about a field or about no place.</summary>
    public SourcePlace? Place { get; init; }

    /// <summary>
    /// The statements that lead to the place, in the order in which they run; empty where that says nothing.
    /// </summary>
    public EquatableList<TraceStep> Trace { get; init; } = [];

    public static Diagnostic Error(
        string code, string path, string message, string? help = null, Witness? witness = null) =>
        new(code, Severity.Error, path, message, help, witness);

    public static Diagnostic Warning(
        string code, string path, string message, string? help = null, Witness? witness = null) =>
        new(code, Severity.Warning, path, message, help, witness);

    /// <summary>The one-line form of the admission answer, of conditions and of log lines.</summary>
    public override string ToString()
    {
        var text = $"{Path}: {Message}{Way()} [{Code}]";
        if (Witness is not null)
        {
            text += $"; for example {Witness}";
        }

        return Help is null ? text : $"{text}; {Help}";
    }

    // The last steps of the author's own text, without the place itself.
    private string Way()
    {
        var places = Trace.Items.Select(s => s.Place).Where(p => p.File == Place?.File && p != Place)
            .Select(p => p.ToString())
            .Distinct()
            .ToArray();
        return places.Length == 0 ? string.Empty : $", by way of {string.Join(", ", places.TakeLast(6))}";
    }
}
