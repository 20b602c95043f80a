using CachePolicyOperator.Oracle.Fuzz;
using CachePolicyOperator.Oracle.Real;

namespace CachePolicyOperator.Oracle.Tests;

/// <summary>One varnishd for all tests of the assembly; they take turns.</summary>
public sealed class VarnishFixture : IAsyncLifetime
{
    internal RealVarnish Varnish { get; private set; } = null!;

    internal Trials Trials => new(Varnish);

    public async Task InitializeAsync() => Varnish = await RealVarnish.StartAsync(CancellationToken.None);

    public async Task DisposeAsync() => await Varnish.DisposeAsync();
}

[CollectionDefinition(Name)]
public sealed class VarnishTests : ICollectionFixture<VarnishFixture>
{
    public const string Name = "varnish";
}
