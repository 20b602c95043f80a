using CachePolicyOperator.Operator.Incidents;
using CachePolicyOperator.Operator.Objects;
using CachePolicyOperator.Runtime.Abstractions;
using CachePolicyOperator.Runtime.Client;
using k8s;
using k8s.Models;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace CachePolicyOperator.Operator.Tests.Cluster;

/// <summary>Who ordered what, noted on a real API server, with a clock that can be moved.</summary>
[Collection(OnAnotherApiServer.Name)]
public sealed class OrderWitnessTests(SecondOperatorFixture fixture)
{
    private static readonly CancellationToken Any = CancellationToken.None;

    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2018, 5, 8, 8, 0, 0, TimeSpan.Zero));

    [Fact]
    public async Task Who_gave_an_order_is_known_for_an_hour_and_only_of_that_order()
    {
        await using var world = await OperatorWorld.MakeAsync(fixture);
        await world.StartOperatorAsync();
        var (witness, policy) = (await WitnessAsync(world), new NamespacedName(world.Space, "storefront"));

        await witness.NoteAsync(policy, "a", "NoCache", "anna", Any);

        Assert.Equal("anna", await witness.FindAsync(policy, "a", "NoCache", Any));
        Assert.Null(await witness.FindAsync(policy, "a", "Bypassed", Any));
        Assert.Null(await witness.FindAsync(policy, "b", "NoCache", Any));
        _time.Advance(TimeSpan.FromMinutes(59));
        Assert.Equal("anna", await witness.FindAsync(policy, "a", "NoCache", Any));
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.Null(await witness.FindAsync(policy, "a", "NoCache", Any));
    }

    [Fact]
    public async Task Who_writes_another_name_into_the_note_makes_nobody_the_one_who_gave_the_order()
    {
        await using var world = await OperatorWorld.MakeAsync(fixture);
        await world.StartOperatorAsync();
        var (witness, policy) = (await WitnessAsync(world), new NamespacedName(world.Space, "storefront"));
        await witness.NoteAsync(policy, "a", "NoCache", "anna", Any);
        var note = Assert.Single((await world.Client.CoreV1.ListNamespacedEventAsync(world.Space)).Items,
            e => e.Reason == "Ordered");

        await world.Client.CoreV1.PatchNamespacedEventAsync(
            new V1Patch("""{"metadata":{"annotations":{"cachepolicy.dev/user":"bert"} } }""",
                V1Patch.PatchType.MergePatch),
            note.Metadata.Name, world.Space);

        Assert.Null(await witness.FindAsync(policy, "a", "NoCache", Any));
    }

    [Fact]
    public async Task An_order_that_was_carried_out_is_nobodys_any_more()
    {
        await using var world = await OperatorWorld.MakeAsync(fixture);
        await world.StartOperatorAsync();
        var (witness, policy) = (await WitnessAsync(world), new NamespacedName(world.Space, "storefront"));
        await witness.NoteAsync(policy, "a", "NoCache", "anna", Any);

        await witness.ForgetAsync(policy, "a", "NoCache", Any);
        await witness.ForgetAsync(policy, "a", "never noted", Any);

        Assert.Null(await witness.FindAsync(policy, "a", "NoCache", Any));
    }

    private async Task<OrderWitness> WitnessAsync(OperatorWorld world)
    {
        var seal = world.Services.GetRequiredService<Seal>();
        await seal.Ready;
        return new OrderWitness(
            world.Services.GetRequiredService<ResourceClient<Corev1Event>>(),
            world.Services.GetRequiredService<ResourceWriter>(),
            seal,
            _time);
    }
}
