namespace CachePolicyOperator.Entities;

/// <summary>
/// What is in the cache key besides method, host, path and query. Everything else is removed before the origin sees it.
/// </summary>
public sealed class KeySpec : SpecPart
{
    /// <summary>
    /// Which parameters of the query are in the key, and go to the origin: all of them, sorted, unless told; `None`;
    /// `{only: [page, q]}`, or the list alone; or `{except: [gclid, utm_*]}`.
    /// </summary>
    public AnyForm? Query { get; set; }

    /// <summary>
    /// Request headers in the key: a name, as it comes; or `{name: Accept-Language, choose: [ja, en], default: en}`,
    /// one of a few values, which the origin gets as well.
    /// </summary>
    public IList<AnyForm>? Headers { get; set; }

    /// <summary>Cookies in the key, each as one of a few values, which the origin gets as well.</summary>
    public IList<KeyCookieSpec>? Cookies { get; set; }

    /// <summary>
    /// Classes of devices by `User-Agent`, the first that matches; the last one, without `userAgent`, is of all others.
    /// The origin gets the name of the class as its `User-Agent`, and says `Vary: User-Agent` where it answers by it.
    /// </summary>
    public IList<DeviceSpec>? Devices { get; set; }
}

/// <summary>A class of devices.</summary>
public sealed class DeviceSpec : SpecPart
{
    /// <summary>Its name, a word such as `mobile`: it is in the key, and what the origin gets.</summary>
    public string? Name { get; set; }

    /// <summary>A regular expression (PCRE2) that some part of its `User-Agent` matches.</summary>
    public string? UserAgent { get; set; }
}

/// <summary>Which parameters of the query are in the key: one of the two.</summary>
public sealed class KeyQuerySpec : SpecPart
{
    /// <summary>Names of these, in this order. Without others.</summary>
    public IList<string>? Only { get; set; }

    /// <summary>All but these, sorted; a `*` may end a name.</summary>
    public IList<string>? Except { get; set; }
}

/// <summary>A request header that comes to one of a few values.</summary>
public sealed class KeyHeaderSpec : SpecPart
{
    /// <summary>Name of the header.</summary>
    public string? Name { get; set; }

    /// <summary>
    /// The values that are told apart. The first member of the header's list that is one of them, or begins with one
    /// and `-`, is chosen.
    /// </summary>
    public IList<string>? Choose { get; set; }

    /// <summary>What anything else, and nothing, comes to.</summary>
    public string? Default { get; set; }
}

/// <summary>A cookie that comes to one of a few values.</summary>
public sealed class KeyCookieSpec : SpecPart
{
    /// <summary>Name of the cookie.</summary>
    public string? Name { get; set; }

    /// <summary>The values that are told apart.</summary>
    public IList<string>? Values { get; set; }

    /// <summary>What anything else, and nothing, comes to.</summary>
    public string? Otherwise { get; set; }
}
