namespace CachePolicyOperator.Core.Model;

/// <summary>What a rule answers by itself, without the origin. Nobody stores it.</summary>
/// <param name="Status">One of <see cref="Redirects"/> or <see cref="Others"/>.</param>
/// <param name="Location">Where a redirect leads: a URL or a path; null: it is none.</param>
/// <param name="KeepsTarget">Whether path and query of the request follow the location.</param>
public sealed record Answer(int Status, string Reason, string? Location, bool KeepsTarget)
{
    public static EquatableList<int> Redirects { get; } = [301, 302, 303, 307, 308];

    public static EquatableList<int> Others { get; } = [200, 204, 400, 403, 404, 410, 429, 451, 503];

    /// <summary>Empty: there is none.</summary>
    public string Body { get; init; } = "";

    /// <summary>Of the body; null where there is none.</summary>
    public string? ContentType { get; init; }

    /// <summary>After which a client may ask again.</summary>
    public Duration? RetryAfter { get; init; }
}
