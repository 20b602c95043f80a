using CachePolicyOperator.Core.HeaderFields;
using CachePolicyOperator.Core.Verification.Values;

namespace CachePolicyOperator.Core.Verification.Program;

/// <summary>
/// The variables that have a meaning of their own to a proof, and what paths carry besides the variables of VCL.
/// </summary>
internal static class TrackedVariables
{
    public static Input BackendUrl { get; } = Input.Of("bereq.url");

    public static Input BackendMethod { get; } = Input.Of("bereq.method");

    public static Input Status { get; } = Input.Of("beresp.status");

    public static Input Reason { get; } = Input.Of("beresp.reason");

    /// <summary>What the VCL itself puts into the body of a response.</summary>
    public static Input Body { get; } = Input.Of("beresp.body");

    /// <summary>What varnishd makes of the body of a response.</summary>
    public static Input Filters { get; } = Input.Of("beresp.filters");

    /// <summary>How long the response lives.</summary>
    public static Input Lifetime { get; } = Input.Of("beresp.ttl");

    /// <summary>How long the response may be served stale.</summary>
    public static Input Grace { get; } = Input.Of("beresp.grace");

    /// <summary>The status that a client is answered with.</summary>
    public static Input DeliveredStatus { get; } = Input.Of("resp.status");

    /// <summary>The backend that is chosen for a client's request.</summary>
    public static Input BackendHint { get; } = Input.Of("req.backend_hint");

    /// <summary>The backend that is chosen for the backend request.</summary>
    public static Input Backend { get; } = Input.Of("bereq.backend");

    /// <summary>The statement that answers a backend request instead of sending it.</summary>
    public static Input Refusal { get; } = Input.Of("sent.refusal");

    /// <summary>
    /// The cookies that vmod cookie holds for the request, or for the backend request, as <see cref="CookieMaps"/>
    /// write them.
    /// </summary>
    public static Input Jar { get; } = Input.Of("cookie.jar");

    /// <summary>
    /// The cookies that vmod cookie holds where an answer is looked at, if the VCL asks for them there.
    /// </summary>
    public static Input AnswersJar { get; } = Input.Of("bereq.cookies");

    /// <summary>What a VCL says of who asks: the backend's subroutines read it, and no origin is sent it.</summary>
    public static Input Client { get; } = Input.Of("client.identity");

    /// <summary>What is looked up, of a request that asks again.</summary>
    public static IReadOnlyList<Input> Hashes { get; } = [Input.Of("req.hash"), Input.Of("bereq.hash")];

    /// <summary>
    /// The fields in which a request says how long its body is: varnishd writes them anew when it has read the body.
    /// </summary>
    public static IReadOnlyList<Input> BodyLength { get; } =
        [.. RequestFields.BodyLength.Select(Input.OfClientField)];

    /// <summary>What the VCL itself says in an answer besides header fields.</summary>
    public static IReadOnlyList<Input> OfAnswer { get; } = [Body, Reason, Status];
}
