using System.Text.Json;
using System.Text.Json.Serialization;

namespace CachePolicyOperator.Core.AgentProtocol;

/// <summary>
/// Where the agent answers and how its messages are written. HTTP over mutual TLS on <see cref="Port"/>; JSON bodies.
/// <list type="table">
/// <item><term><c>GET /v1/status</c></term><description><see cref="AgentStatus"/></description></item>
/// <item><term><c>PUT /v1/guard</c></term><description><see cref="GuardConfiguration"/>; replaces what is watched</description></item>
/// <item><term><c>PUT /v1/revisions/{digest}</c></term><description><see cref="RevisionPackage"/>; compiled and kept warm, not used</description></item>
/// <item><term><c>PUT /v1/active</c></term><description><see cref="Activation"/>; 409 where the digest is not loaded</description></item>
/// <item><term><c>PUT /v1/level</c></term><description><see cref="LevelOrder"/></description></item>
/// <item><term><c>POST /v1/purge</c></term><description>every stored object is invalid when it answers</description></item>
/// <item><term><c>GET /v1/events?after=N</c></term><description>endless newline-delimited <see cref="AgentEvent"/>s with a sequence above N</description></item>
/// </list>
/// Every PUT is idempotent. A refused request answers 4xx with <see cref="AgentError"/>.
/// </summary>
public static class AgentApi
{
    public const int Port = 8443;

    /// <summary>The DNS name in the client certificate of the operator.</summary>
    public const string OperatorName = "operator.cachepolicy.dev";

    public static JsonSerializerOptions Json { get; } = new(JsonSerializerDefaults.Web)
    {
        Converters = { new EquatableListJsonConverter(), new JsonStringEnumConverter() },
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    /// <summary>The DNS name in the server certificate of every agent of a policy, whatever its address.</summary>
    public static string AgentName(string @namespace, string policy) => $"{policy}.{@namespace}.agents.cachepolicy.dev";
}

/// <summary>Why the agent refused, with a stable code, for example <c>revision/digest-mismatch</c>.</summary>
public sealed record AgentError(string Code, string Message);
