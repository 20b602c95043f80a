using CachePolicyOperator.Core.Routes;

namespace CachePolicyOperator.Core.Model;

/// <summary>Which requests belong to one person, and what says who asks.</summary>
public sealed record PersonalData(EquatableList<PersonalRoute> Routes, IdentityCarriers Identity)
{
    public static PersonalData None { get; } = new([], IdentityCarriers.None);
}

/// <summary>A personal route and the path of the field that declares it, for diagnostics.</summary>
public sealed record PersonalRoute(RoutePattern Pattern, string Path);

/// <summary>
/// Names of what says who asks. <c>Authorization</c> always counts and is not listed; header names are in lower case.
/// </summary>
public sealed record IdentityCarriers(
    EquatableList<string> Cookies, EquatableList<string> Headers, EquatableList<string> QueryParameters)
{
    public static IdentityCarriers None { get; } = new([], [], []);
}

/// <summary>
/// What a privacy or security team declares; binds every policy of its namespace whose hosts overlap.
/// </summary>
public sealed record PersonalRoutes(ResourceName Name, EquatableList<HostName> Hosts, PersonalData Personal);
