using CachePolicyOperator.Core.Diagnostics;

namespace CachePolicyOperator.Entities;

/// <summary>One thing that is wrong with the spec; the same as in the admission answer and in the CLI.</summary>
public sealed class DiagnosticStatus
{
    /// <summary>Stable, searchable code, for example `personal/cacheable`.</summary>
    public string? Code { get; set; }

    /// <summary>`Error` or `Warning`.</summary>
    public string? Severity { get; set; }

    /// <summary>Where, for example `spec.rules[1].match.regex`.</summary>
    public string? Path { get; set; }

    /// <summary>What is wrong.</summary>
    public string? Message { get; set; }

    /// <summary>What to do.</summary>
    public string? Help { get; set; }

    /// <summary>A request that shows it.</summary>
    public WitnessStatus? Witness { get; set; }

    public static DiagnosticStatus From(Diagnostic diagnostic) => new()
    {
        Code = diagnostic.Code,
        Severity = diagnostic.Severity.ToString(),
        Path = diagnostic.Path,
        Message = diagnostic.Message,
        Help = diagnostic.Help,
        Witness = diagnostic.Witness is { } witness ? WitnessStatus.From(witness) : null,
    };
}

/// <summary>A concrete request.</summary>
public sealed class WitnessStatus
{
    /// <summary>Method.</summary>
    public string? Method { get; set; }

    /// <summary>Target, as on the request line.</summary>
    public string? Target { get; set; }

    /// <summary>Header lines that matter, in order, as `name: value`.</summary>
    public IList<string>? Headers { get; set; }

    public static WitnessStatus From(Witness witness) => new()
    {
        Method = witness.Method,
        Target = witness.Target,
        Headers = witness.Headers.Count == 0 ? null : [.. witness.Headers.Items.Select(h => $"{h.Name}: {h.Value}")],
    };
}
