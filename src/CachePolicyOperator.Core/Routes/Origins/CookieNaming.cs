namespace CachePolicyOperator.Core.Routes.Origins;

/// <summary>
/// Which other spellings of a cookie's name an origin takes for that name. A profile must say it: there is no default.
/// </summary>
public sealed record CookieNaming
{
    private CookieNaming(bool ignoresCase, bool makesMarksOne) =>
        (IgnoresCase, MakesMarksOne) = (ignoresCase, makesMarksOne);

    /// <summary>None: a name is what is written.</summary>
    public static CookieNaming AsWritten { get; } = new(ignoresCase: false, makesMarksOne: false);

    /// <summary>As .NET compares names.</summary>
    public static CookieNaming AnyCase { get; } = new(ignoresCase: true, makesMarksOne: false);

    /// <summary>As PHP makes variables of names, also where it stands behind another server.</summary>
    public static CookieNaming OfPhp { get; } = new(ignoresCase: false, makesMarksOne: true);

    /// <summary>Whatever some origin does.</summary>
    public static CookieNaming Any { get; } = new(ignoresCase: true, makesMarksOne: true);

    /// <summary>Whether names that differ in case are one.</summary>
    public bool IgnoresCase { get; }

    /// <summary>Whether <c>.</c>, <c>[</c> and a blank are read as <c>_</c>.</summary>
    public bool MakesMarksOne { get; }
}
