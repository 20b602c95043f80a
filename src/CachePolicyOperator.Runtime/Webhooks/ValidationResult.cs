using System.Collections.Immutable;

namespace CachePolicyOperator.Runtime.Webhooks;

/// <summary>The answer to an admission request.</summary>
public sealed record ValidationResult
{
    private ValidationResult(bool valid, string? reason, int? code, ImmutableArray<string> warnings)
    {
        Valid = valid;
        Reason = reason;
        Code = code;
        Warnings = warnings;
    }

    public bool Valid { get; }

    /// <summary>What <c>kubectl</c> prints when the request is refused.</summary>
    public string? Reason { get; }

    /// <summary>The HTTP status that the client sees.</summary>
    public int? Code { get; }

    public ImmutableArray<string> Warnings { get; }

    /// <summary>Allows the request; each warning is one line on the user's terminal.</summary>
    public static ValidationResult Success(params IEnumerable<string> warnings) => new(true, null, null, [.. warnings]);

    /// <summary>Refuses the request, with all reasons in one text.</summary>
    public static ValidationResult Fail(string reason, int code = 422) =>
        new(false, reason ?? throw new ArgumentNullException(nameof(reason)), code, []);

    /// <summary>The same answer with warnings; a refusal can carry them, too.</summary>
    public ValidationResult WithWarnings(params IEnumerable<string> warnings) =>
        new(Valid, Reason, Code, [.. Warnings, .. warnings]);
}
