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
/// Names of what says who asks. <c>Authorization</c> always counts and is not listed; header names are in lower case,
/// and a <c>*</c> at the end of a cookie's name stands for any text.
/// </summary>
public sealed record IdentityCarriers(
    EquatableList<string> Cookies, EquatableList<string> Headers, EquatableList<string> QueryParameters)
{
    public static IdentityCarriers None { get; } = new([], [], []);

    /// <summary>A cookie that says who asks, for an example of a request.</summary>
    public string ExampleCookie() => Cookies.Count > 0 ? Cookies[0].Replace('*', '1') : "session";

    /// <summary>Whether the declared name, which a <c>*</c> may end, stands for this cookie.</summary>
    public static bool IsNamed(string declared, string cookie)
    {
        ArgumentNullException.ThrowIfNull(declared);
        ArgumentNullException.ThrowIfNull(cookie);
        return declared.EndsWith('*') ? cookie.StartsWith(declared[..^1], StringComparison.Ordinal)
            : cookie == declared;
    }
}

/// <summary>
/// What a privacy or security team declares; binds every policy of its namespace whose hosts overlap.
/// </summary>
public sealed record PersonalRoutes(ResourceName Name, EquatableList<HostName> Hosts, PersonalData Personal)
{
    /// <summary>By whom the policies that they bind must be reviewed, whatever those demand themselves.</summary>
    public ReviewSettings Review { get; init; } = ReviewSettings.Default;
}
