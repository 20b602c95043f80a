namespace CachePolicyOperator.Core.Routes.Origins;

/// <summary>What an origin may do to a target, in the order in which it does it.</summary>
public sealed record OriginProfile(string Id, string Summary, EquatableList<ProfileStep> Steps);

/// <summary>A behaviour of a profile, and how we know.</summary>
public sealed record ProfileStep(OriginBehavior Behavior, Evidence Evidence);
