using CachePolicyOperator.Core.Vcl;
using CachePolicyOperator.TestCluster;

namespace CachePolicyOperator.Core.Tests.Vcl;

/// <summary>The version of the varnishd that tests play on: what is proven there is proven for it.</summary>
internal static class PlayedEngine
{
    public static EngineVersion Version { get; } =
        EngineVersion.TryParse(Engine.Version, out var version) ? version
            : throw new InvalidOperationException(Engine.Version);
}
