namespace CachePolicyOperator.Entities.Reading;

/// <summary>
/// Where the readers find the ConfigMaps that a policy names: the cluster, or the documents given to the CLI.
/// </summary>
public interface IConfigMaps
{
    /// <summary>The data of a ConfigMap by key; null where there is none of that name.</summary>
    IReadOnlyDictionary<string, string>? Find(string inNamespace, string name);
}

/// <summary>No ConfigMaps at all.</summary>
public sealed class NoConfigMaps : IConfigMaps
{
    public static NoConfigMaps Instance { get; } = new();

    public IReadOnlyDictionary<string, string>? Find(string inNamespace, string name) => null;
}
