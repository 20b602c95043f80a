namespace CachePolicyOperator.Core.Routes.Origins;

/// <summary>What an origin may do to a target, in the order in which it does it.</summary>
/// <param name="Cookies">
/// How it reads the names of cookies: names of an identity cookie that a client may spell in other ways.
/// </param>
/// <param name="TriedOn">
/// The real frameworks, with their versions, that the profile was held to; none where it is only documented.
/// </param>
public sealed record OriginProfile(
    string Id, string Summary, CookieNaming Cookies, EquatableList<ProfileStep> Steps, EquatableList<string> TriedOn)
{
    public CookieNaming Cookies { get; } = Cookies
        ?? throw new ArgumentNullException(nameof(Cookies), $"profile `{Id}` does not say how it reads cookies");

    /// <summary>Query parameters that name the page, whatever the path is.</summary>
    public EquatableList<string> PathParameters { get; init; } = [];
}

/// <summary>A behaviour of a profile, and how we know.</summary>
public sealed record ProfileStep(OriginBehavior Behavior, Evidence Evidence);
