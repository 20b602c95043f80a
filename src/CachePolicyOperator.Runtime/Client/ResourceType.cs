using System.Collections.Concurrent;
using System.Reflection;
using System.Text;
using k8s.Models;

namespace CachePolicyOperator.Runtime.Client;

/// <summary>How the API server calls a kind, and where it keeps its objects.</summary>
public sealed record ResourceType(string Group, string Version, string Kind, string Plural)
{
    private static readonly ConcurrentDictionary<Type, ResourceType> Known = [];

    public string ApiVersion => Group.Length == 0 ? Version : $"{Group}/{Version}";

    /// <summary>
    /// Reads <see cref="KubernetesEntityAttribute"/>, which the library's models and our entities carry.
    /// </summary>
    public static ResourceType Of<TEntity>() => Known.GetOrAdd(typeof(TEntity), static type =>
    {
        var attribute = type.GetCustomAttribute<KubernetesEntityAttribute>()
            ?? throw new ArgumentException($"{type} carries no [KubernetesEntity]");
        return new(attribute.Group ?? "", attribute.ApiVersion, attribute.Kind, attribute.PluralName);
    });

    /// <summary>The path of the collection, or of one object or its subresource.</summary>
    public string Path(string? ns, string? name = null, string? subResource = null)
    {
        var path = new StringBuilder(Group.Length == 0 ? "api/" : "apis/").Append(ApiVersion);
        if (!string.IsNullOrEmpty(ns))
            path.Append("/namespaces/").Append(Uri.EscapeDataString(ns));
        path.Append('/').Append(Plural);
        if (name is not null)
            path.Append('/').Append(Uri.EscapeDataString(name));
        if (subResource is not null)
            path.Append('/').Append(subResource);
        return path.ToString();
    }
}
