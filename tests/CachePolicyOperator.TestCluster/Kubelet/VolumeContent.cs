namespace CachePolicyOperator.TestCluster.Kubelet;

/// <summary>The files that a volume should hold now: relative path → content.</summary>
internal sealed record VolumeContent(IReadOnlyDictionary<string, byte[]> Files)
{
    public static readonly VolumeContent Empty = new(new Dictionary<string, byte[]>());

    public bool SameAs(VolumeContent? other) =>
        other is not null && Files.Count == other.Files.Count &&
        Files.All(file => other.Files.TryGetValue(file.Key, out var content)
            && content.AsSpan().SequenceEqual(file.Value));
}
