namespace CachePolicyOperator.Core.Verification.Values;

/// <summary>
/// Which of the values that were not followed one is: those of one identity, made for one reason of the same inputs,
/// are one value. Most are numbered in the order in which a path meets them; some are the same on every path.
/// </summary>
internal readonly record struct UnknownId
{
    private readonly int _number;

    private UnknownId(int number) => _number = number;

    /// <summary>What a variable held before a subroutine was walked for many paths.</summary>
    public static UnknownId BeforeSummary { get; } = new(-1);

    /// <summary>A field of the request that a fragment belongs to.</summary>
    public static UnknownId OfTop { get; } = new(-2);

    /// <summary>A field that <c>Connection</c> may name.</summary>
    public static UnknownId Named { get; } = new(-3);

    /// <summary>What varnishd says of its own refusals.</summary>
    public static UnknownId OwnReason { get; } = new(-4);

    /// <summary>The client's identity behind a rollback.</summary>
    public static UnknownId ClientRolledBack { get; } = new(-5);

    /// <summary>What a vmod's call reads besides its arguments.</summary>
    public static UnknownId ReadByCall { get; } = new(-6);

    /// <summary>The next one of a path.</summary>
    /// <param name="unknowns">How many the path has met.</param>
    public static UnknownId Next(int unknowns) => new(unknowns);
}
