using System.Collections.Concurrent;
using CachePolicyOperator.Core.AgentProtocol;
using CachePolicyOperator.Entities;
using CachePolicyOperator.Operator.Agents;
using CachePolicyOperator.Operator.Policies;
using CachePolicyOperator.Runtime.Abstractions;

namespace CachePolicyOperator.Operator.Rollouts;

/// <summary>
/// Tells what somebody else made the varnishd of a cache pod do, by Event: what happens while this process looks, for
/// a start of the operator is no news.
/// </summary>
internal sealed class PodNews(EventPublisher publish)
{
    private readonly ConcurrentDictionary<string, long> _told = new();

    public async Task TellAsync(
        CachePolicy policy, IReadOnlyList<AgentSession> sessions, CancellationToken cancellationToken)
    {
        foreach (var session in sessions)
        {
            var (pod, uid) = (session.Address.Pod, session.Address.Uid);
            foreach (var told in session.Account.Events.Items.OfType<UnprovenVcl>()
                .Where(e => e.At >= session.Opened && e.Sequence > _told.GetValueOrDefault(uid)))
            {
                _told[uid] = told.Sequence;
                await publish(
                    policy, "UnprovenVcl",
                    $"somebody made varnishd of {pod} serve with `{told.VclName}` "
                        + $"({told.Digest?.Abbreviated ?? "no text"}), which nobody proved; "
                        + "it is put back, and what was stored is purged",
                    EventType.Warning, cancellationToken);
            }
        }
    }

    /// <summary>Told when it begins: <paramref name="found"/> is what the condition will say.</summary>
    public async Task TellContractAsync(CachePolicy policy, Condition? found, CancellationToken cancellationToken)
    {
        if (found is { Status: "False" } && policy.Status.Find(PolicyConditions.OriginContract)?.Status != "False")
        {
            await publish(policy, "OriginContract", found.Message!, EventType.Warning, cancellationToken);
        }
    }

    public void Forget(IReadOnlyList<AgentSession> sessions)
    {
        foreach (var session in sessions)
        {
            _told.TryRemove(session.Address.Uid, out _);
        }
    }
}
