using CachePolicyOperator.Core.Model;
using CachePolicyOperator.Core.Verification.Exploration;

namespace CachePolicyOperator.Core.Verification.Questions;

/// <summary>
/// What a verdict on the text of a VCL rests on. <see cref="VerdictKind.Proven"/> holds where all of this holds, and
/// says nothing of what was not checked.
/// </summary>
/// <param name="PersonalRoutes">
/// As declared; every target that an origin of the profiles may resolve to one is personal.
/// </param>
/// <param name="Identity">Besides <c>Cookie</c> and <c>Authorization</c>, which always count.</param>
/// <param name="Settings">Parameters and features of varnishd, as sentences.</param>
/// <param name="NotChecked">Properties, by their codes, and whole areas that the verdict says nothing of.</param>
public sealed record ProofAssumptions(
    string EngineVersion,
    string VerifierVersion,
    EquatableList<string> OriginProfiles,
    EquatableList<string> PersonalRoutes,
    IdentityCarriers Identity,
    int MaxRestarts,
    int MaxRetries,
    EquatableList<string> Settings,
    EquatableList<string> NotChecked)
{
    /// <summary>Every property of the design that is about a VCL.</summary>
    private static readonly string[] AllProperties =
    [
        "personal/cacheable", "identity/unkeyed", "key/unkeyed-input", "url/ambiguous", "response/stored-private",
        "response/invented-ttl", "response/not-uncacheable", "response/status", "response/type", "esi/personal",
        "policy/default-cache",
    ];

    private static readonly string[] DefaultSettings =
    [
        "`max_restarts` and `max_retries` are not above their default of 4",
        "`feature` is as by default: no `http2`, ESI parsing as shipped",
        "one VCL runs: no label leads to another one",
        "every request fits, with all that the VCL writes, into the workspaces and `http_max_hdr`: varnishd goes on " +
            "without a `set` that does not (`MAIN.ws_client_overflow` and `MAIN.ws_backend_overflow` count)",
    ];

    private static readonly string[] OtherAreas =
    [
        "whether the personal routes and the carriers of identity are all that the site has",
        "caches before and behind this Varnish",
        "fields that say who asks with `_` for `-`, which servers behind CGI and WSGI take for the same unless the " +
            "one before them drops them, as nginx does",
        "bodies of responses",
        "whether a `Cookie` that the VCL rewrote tells of an identity cookie's value next to other cookies than " +
            "those that were tried",
    ];

    /// <summary>What a verdict of <see cref="VclVerifier"/> on this question rests on.</summary>
    public static ProofAssumptions Of(VclQuestion question) => new(
        question.Engine.ToString(),
        Verification.VerifierVersion.Current,
        question.Personal.Profiles,
        question.Personal.Routes.Items.Select(r => r.ToString()).ToEquatableList(),
        question.Identity,
        FetchExplorer.MaxRounds,
        FetchExplorer.MaxRounds,
        EquatableList.Create<string>(DefaultSettings),
        AllProperties.Except(VclVerifier.PropertyCodes.Items).Concat(OtherAreas).ToEquatableList());
}
