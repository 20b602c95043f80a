using System.Diagnostics.Metrics;
using CachePolicyOperator.Runtime.Informers;
using CachePolicyOperator.Runtime.LeaderElection;
using CachePolicyOperator.Runtime.Metrics;
using CachePolicyOperator.Runtime.Queues;

namespace CachePolicyOperator.Runtime.Hosting;

/// <summary>What the runtime looks at when it is asked for its metrics; nothing of it is kept.</summary>
internal sealed class RuntimeGauges
{
    public RuntimeGauges(
        IMeterFactory meters, IEnumerable<IInformer> informers, IEnumerable<ILeaderTask> tasks, ILeadership leadership)
    {
        var meter = meters.Create(RuntimeMeter.Name);
        IInformer[] followed = [.. informers];
        IWaitingLine[] lines = [.. tasks.OfType<IWaitingLine>()];
        meter.CreateObservableGauge(
            RuntimeMeter.Prefix + "leader",
            () => leadership.IsLeading ? 1 : 0,
            description: "1 on the replica that works, 0 on those that stand by.");
        meter.CreateObservableGauge(
            RuntimeMeter.Prefix + "informer.synced",
            () => followed.Select(i => Of(i.Synced.IsCompletedSuccessfully ? 1 : 0, "resource", i.Name)),
            description: "1 where the first list of the kind was read.");
        meter.CreateObservableGauge(
            RuntimeMeter.Prefix + "informer.silence",
            () => followed.Select(i => Of(i.SinceLastContact.TotalSeconds, "resource", i.Name)),
            unit: "s",
            description: "Time since the API server last gave a sign of the kind; a quiet kind gives one every few "
                + "minutes.");
        meter.CreateObservableGauge(
            RuntimeMeter.Prefix + "queue.depth",
            () => lines.Select(l => Of(l.Waiting.Depth, "controller", l.Name)),
            description: "Objects that are due and that no worker has taken up.");
        meter.CreateObservableGauge(
            RuntimeMeter.Prefix + "queue.oldest.age",
            () => lines.Select(l => Of(l.Waiting.Oldest.TotalSeconds, "controller", l.Name)),
            unit: "s",
            description: "How long the object that waits longest has been due.");
    }

    private static Measurement<T> Of<T>(T value, string label, string name)
        where T : struct => new(value, new KeyValuePair<string, object?>(label, name));
}
