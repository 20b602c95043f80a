namespace CachePolicyOperator.Cli.Doctor;

/// <summary>One thing that the doctor looked at.</summary>
/// <param name="Area">What it belongs to, in one word.</param>
/// <param name="Remedy">What to do; null where nothing is to be done.</param>
internal sealed record Finding(Health Health, string Area, string Message, string? Remedy)
{
    public static Finding Well(string area, string message) => new(Health.Well, area, message, null);

    public static Finding Note(string area, string message, string? remedy = null) =>
        new(Health.Note, area, message, remedy);

    public static Finding Problem(string area, string message, string remedy) =>
        new(Health.Problem, area, message, remedy);
}

/// <summary>How bad it is.</summary>
internal enum Health
{
    /// <summary>As it should be.</summary>
    Well,

    /// <summary>To be known: nothing is broken, or it could not be looked at.</summary>
    Note,

    /// <summary>Broken, or about to be.</summary>
    Problem,
}
