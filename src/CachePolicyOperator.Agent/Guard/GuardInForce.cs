using CachePolicyOperator.Agent.SharedLog;
using CachePolicyOperator.Agent.State;
using CachePolicyOperator.Core;
using CachePolicyOperator.Core.AgentProtocol;

namespace CachePolicyOperator.Agent.Guard;

/// <summary>A guard configuration made ready to judge with.</summary>
internal sealed class GuardInForce(GuardRecord record, IPersonalTargets targets)
{
    private readonly Pseudonyms _pseudonyms = new(record.Configuration);

    public GuardRecord Record { get; } = record;

    public Digest Digest { get; } = record.Configuration.ComputeDigest();

    public string? RouteOf(ReadOnlySpan<byte> target) => targets.RouteOf(target);

    /// <summary>What may be told of a request.</summary>
    public Sighting Sight(ClientTransaction transaction, string? route)
    {
        var received = transaction.First;
        return new Sighting(
            (long)transaction.Number,
            transaction.Responded > DateTimeOffset.UnixEpoch ? transaction.Responded : transaction.Started,
            _pseudonyms.Identity(received),
            route,
            received.Method,
            _pseudonyms.Target(received.Target));
    }
}
