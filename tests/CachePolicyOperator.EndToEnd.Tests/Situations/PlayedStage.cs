using CachePolicyOperator.TestStage;

namespace CachePolicyOperator.EndToEnd.Tests.Situations;

/// <summary>One stage for all situations that leave it as it was.</summary>
public sealed class PlayedStage : IAsyncLifetime
{
    public Stage Stage { get; } = new();

    public async Task InitializeAsync()
    {
        await Stage.StartClusterAsync(CancellationToken.None);
        await Stage.InstallAsync(CancellationToken.None);
    }

    public async Task DisposeAsync() => await Stage.DisposeAsync();
}
