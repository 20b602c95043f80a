using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace CachePolicyOperator.Core.AgentProtocol;

/// <summary>
/// Where the agent answers and how its messages are written. HTTP over mutual TLS on <see cref="Port"/>; JSON bodies.
/// <list type="table">
/// <item><term><c>GET /v1/status</c></term><description><see cref="AgentStatus"/></description></item>
/// <item><term><c>PUT /v1/guard</c></term><description><see cref="GuardConfiguration"/>; replaces what is
/// watched</description></item> <item><term><c>PUT /v1/revisions/{digest}</c></term><description><see
/// cref="RevisionPackage"/>; compiled and kept warm, not used</description></item> <item><term><c>PUT
/// /v1/active</c></term><description><see cref="Activation"/>; 409 where the digest is not loaded</description></item>
/// <item><term><c>PUT /v1/level</c></term><description><see cref="LevelOrder"/></description></item>
/// <item><term><c>POST /v1/purge</c></term><description>every stored object is invalid when it
/// answers</description></item> <item><term><c>POST /v1/invalidations</c></term><description><see
/// cref="Invalidations.StoredPages"/>; none of them is served from before when it answers; maybe more is taken out
/// </description></item> <item><term><c>PUT /v1/trial</c></term><description><see cref="TrialOrder"/>; tries what
/// serves, see <see cref="TrialProgress"/></description></item> <item><term><c>DELETE /v1/trial</c></term><description>
/// ends it</description></item> <item><term><c>GET /v1/events?after=N</c></term><description>endless newline-delimited
/// <see cref="AgentEvent"/>s with a sequence above N</description></item> </list> Every PUT is idempotent and answers
/// 204. A refused request answers 4xx with <see cref="AgentError"/>, one that varnishd could not be asked for 503. The
/// event stream carries an empty line now and then, so that a dead peer is noticed. <list type="table">
/// <item><term><c>request/malformed</c> 400</term><description>the body is not what is documented
/// here</description></item> <item><term><c>request/too-large</c> 413</term><description>the body is larger than 20 MB,
/// or a VCL than 8 MB</description></item> <item><term><c>revision/digest-mismatch</c> 422</term><description>text,
/// proof and address do not name one digest</description></item> <item><term><c>revision/unsigned</c>
/// 422</term><description>no key of the operator signed it for this agent</description></item>
/// <item><term><c>revision/compile-failed</c> 422</term><description>varnishd refused the text; its words
/// follow</description></item>
/// <item><term><c>engine/version</c> 409</term><description>the proof holds for another version of
/// Varnish</description></item> <item><term><c>engine/parameters</c> 409</term><description>varnishd runs with
/// parameters that the proof does not hold for</description></item> <item><term><c>revision/not-loaded</c>
/// 409</term><description>no such revision is held; put it first</description></item>
/// <item><term><c>level/leak-unacknowledged</c> 409</term><description>the order is older than the last
/// leak</description></item>
/// <item><term><c>level/unsupported</c> 422</term><description>only <c>Cached</c> and <c>Bypassed</c> can be
/// ordered</description></item> <item><term><c>guard/invalid</c> 422</term><description>a route, profile or key of the
/// configuration cannot be read</description></item>
/// <item><term><c>varnish/unavailable</c> 503</term><description>varnishd does not answer; try
/// again</description></item> </list>
/// </summary>
public static class AgentApi
{
    public const int Port = 8443;

    /// <summary>The DNS name in the client certificate of the operator.</summary>
    public const string OperatorName = "operator.cachepolicy.dev";

    /// <summary>For the messages listed above, and no other type.</summary>
    public static JsonSerializerOptions Json => AgentJson.Default.Options;

    /// <summary>How one of them is written.</summary>
    public static JsonTypeInfo<T> Message<T>() => (JsonTypeInfo<T>)Json.GetTypeInfo(typeof(T));

    /// <summary>The DNS name in the server certificate of every agent of a policy, whatever its address.</summary>
    public static string AgentName(string @namespace, string policy) => $"{policy}.{@namespace}.agents.cachepolicy.dev";
}

/// <summary>Why the agent refused, with a stable code, for example <c>revision/digest-mismatch</c>.</summary>
public sealed record AgentError(string Code, string Message);
