using CachePolicyOperator.Core;
using CachePolicyOperator.Operator.Certificates;
using CachePolicyOperator.Operator.Objects;
using CachePolicyOperator.Operator.Revisions;
using CachePolicyOperator.Operator.Tests.Cluster;
using CachePolicyOperator.Runtime.Client;
using k8s;
using k8s.Models;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace CachePolicyOperator.Operator.Tests.Revisions;

/// <summary>On a real API server, with a clock that can be moved.</summary>
[Collection(OnAnotherApiServer.Name)]
public sealed class DeniedRevisionsTests(SecondOperatorFixture fixture)
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2018, 5, 8, 8, 0, 0, TimeSpan.Zero));

    [Fact]
    public async Task A_revision_is_denied_in_its_namespace_for_180_days_and_may_be_denied_again()
    {
        await using var world = await StartedAsync();
        using var denied = Denied(world);
        await denied.DenyAsync("web", [Revision(1)], "storefront-1", CancellationToken.None);

        Assert.Equal("storefront-1", denied.Find("web", Revision(1))?.Incident);
        Assert.Null(denied.Find("other", Revision(1)));
        _time.Advance(TimeSpan.FromDays(180) - TimeSpan.FromSeconds(1));
        Assert.NotNull(denied.Find("web", Revision(1)));
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Null(denied.Find("web", Revision(1)));
        Assert.Equal("", denied.VersionOf("web"));

        await denied.DenyAsync("web", [Revision(1)], "storefront-2", CancellationToken.None);
        Assert.Equal("storefront-2", denied.Find("web", Revision(1))?.Incident);
    }

    [Fact]
    public async Task Of_one_namespace_the_newest_fifty_are_kept_and_those_of_others_beside_them()
    {
        await using var world = await StartedAsync();
        using var denied = Denied(world);
        await denied.DenyAsync("other", [Revision(0)], "shop-1", CancellationToken.None);
        for (var i = 1; i <= 60; i++)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            await denied.DenyAsync("web", [Revision(i)], "storefront-1", CancellationToken.None);
        }

        Assert.Equal(Enumerable.Range(11, 50),
            Enumerable.Range(1, 60).Where(i => denied.Find("web", Revision(i)) is not null));
        Assert.NotNull(denied.Find("other", Revision(0)));
    }

    [Fact]
    public async Task What_is_denied_in_one_namespace_is_denied_in_another_only_when_it_leaks_there_too()
    {
        await using var world = await StartedAsync();
        using var denied = Denied(world);
        await denied.DenyAsync("web", [Revision(1)], "storefront-1", CancellationToken.None);

        await denied.DenyAsync("other", [Revision(1)], "shop-1", CancellationToken.None);

        Assert.Equal(("storefront-1", "shop-1"),
            (denied.Find("web", Revision(1))?.Incident, denied.Find("other", Revision(1))?.Incident));
    }

    [Fact]
    public async Task Of_all_namespaces_together_the_newest_two_thousand_are_kept()
    {
        await using var world = await StartedAsync();
        using var denied = Denied(world);
        var revisions = Enumerable.Range(0, 50).Select(Revision).ToEquatableList();
        for (var i = 0; i < 40; i++)
        {
            await DenyAsync($"web-{i}", revisions);
        }

        await DenyAsync("web-0", [Revision(99)]);
        await DenyAsync("web-40", revisions);

        Assert.NotNull(denied.Find("web-0", Revision(99)));
        Assert.All(revisions.Items, r => Assert.Null(denied.Find("web-0", r)));
        Assert.Equal(49, revisions.Items.Count(r => denied.Find("web-1", r) is not null));
        Assert.All(Enumerable.Range(2, 39),
            i => Assert.All(revisions.Items, r => Assert.NotNull(denied.Find($"web-{i}", r))));

        Task DenyAsync(string inNamespace, EquatableList<Digest> digests)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            return denied.DenyAsync(inNamespace, digests, "storefront-1", CancellationToken.None);
        }
    }

    [Fact]
    public async Task What_somebody_takes_out_of_the_list_is_denied_all_the_same_and_written_again()
    {
        await using var world = await StartedAsync();
        using var denied = Denied(world);
        await denied.DenyAsync("web", [Revision(1)], "storefront-1", CancellationToken.None);
        await world.Client.CoreV1.PatchNamespacedConfigMapAsync(
            new V1Patch("""{"data":{"denied.json":"[]"}}""", V1Patch.PatchType.MergePatch), DeniedRevisions.MapName,
                world.Space);

        await denied.DenyAsync("web", [Revision(2)], "storefront-2", CancellationToken.None);

        Assert.All([1, 2], i => Assert.NotNull(denied.Find("web", Revision(i))));
    }

    private async Task<OperatorWorld> StartedAsync()
    {
        var world = await OperatorWorld.MakeAsync(fixture);
        await world.StartOperatorAsync();
        await world.Services.GetRequiredService<IOperatorSecrets>().Loaded;
        return world;
    }

    private DeniedRevisions Denied(OperatorWorld world) => new(
        world.Services.GetRequiredService<ResourceClient<V1ConfigMap>>(),
        world.Services.GetRequiredService<ResourceWriter>(),
        world.Services.GetRequiredService<Seal>(),
        world.Services.GetRequiredService<IOperatorSecrets>(),
        world.Services.GetRequiredService<CertificateOptions>(),
        _time,
        NullLogger<DeniedRevisions>.Instance);

    private static Digest Revision(int number) => Digest.Of($"vcl 4.1; # {number}");
}
