using CachePolicyOperator.Runtime.Abstractions;
using CachePolicyOperator.Runtime.Tests.Support;
using CachePolicyOperator.TestCluster;
using k8s;
using k8s.Models;

namespace CachePolicyOperator.Runtime.Tests.Events;

public sealed class EventRecorderTests(ControlPlaneFixture cluster) : IClassFixture<ControlPlaneFixture>
{
    [Fact]
    public async Task What_is_said_again_is_counted_and_what_is_new_is_an_event_of_its_own()
    {
        var ns = await cluster.NewNamespaceAsync("event");
        var map =
            await cluster.Client.CoreV1.CreateNamespacedConfigMapAsync(new() { Metadata = new() { Name = "a" } }, ns);
        map.Kind = "ConfigMap";
        map.ApiVersion = "v1";
        await using var running = await RunningOperator.StartAsync(cluster.ControlPlane.AdminConfiguration(), _ => { });
        var publish = running.Get<EventPublisher>();
        for (var time = 0; time < 3; time++)
            await publish(map, "Refused", "the policy is refused", EventType.Warning);
        await publish(map, "Programmed", new string('x', 5000));

        var events = (await cluster.Client.CoreV1.ListNamespacedEventAsync(ns)).Items.OrderBy(item => item.Reason)
            .ToArray();
        Assert.Equal(["Programmed", "Refused"], events.Select(item => item.Reason));
        Assert.Equal((3, "Warning", "the policy is refused", "test-operator"),
            (events[1].Count, events[1].Type, events[1].Message, events[1].Source.Component));
        Assert.Equal(("ConfigMap", "a", map.Metadata.Uid),
            (events[1].InvolvedObject.Kind, events[1].InvolvedObject.Name, events[1].InvolvedObject.Uid));
        Assert.Equal(1024, events[0].Message.Length);
    }

    [Fact]
    public async Task An_event_that_cannot_be_written_does_not_fail_the_caller()
    {
        var map = new V1ConfigMap
        {
            Kind = "ConfigMap",
            ApiVersion = "v1",
            Metadata = new() { Name = "a", NamespaceProperty = "no-such-namespace", Uid = "u" }
        };
        await using var running = await RunningOperator.StartAsync(cluster.ControlPlane.AdminConfiguration(), _ => { });
        await running.Get<EventPublisher>()(map, "Refused", "the policy is refused");
    }
}
