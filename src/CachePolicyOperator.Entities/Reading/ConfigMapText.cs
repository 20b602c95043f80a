using CachePolicyOperator.Core.Diagnostics;
using CachePolicyOperator.Entities.Documents;

namespace CachePolicyOperator.Entities.Reading;

/// <summary>A text that a policy refers to, and where it is.</summary>
/// <param name="Texts">Everything that the ConfigMap holds, by key.</param>
internal sealed record ConfigMapText(string Name, string Key, string Text, IReadOnlyDictionary<string, string> Texts)
{
    /// <summary>
    /// Follows the field <c>configMap</c> of <paramref name="reader"/>; null, with a diagnostic, where it leads
    /// nowhere.
    /// </summary>
    public static ConfigMapText? Read(FieldReader reader, string help, IConfigMaps configMaps, string inNamespace)
    {
        var reference = reader.RequiredMap<ConfigMapKeySpec>("configMap", help);
        if (!reference.IsGiven)
        {
            return null;
        }

        var name = Names.ObjectName(reference, "name", "ConfigMap");
        var key = reference.RequiredText("key", "name the key within the ConfigMap's data", longest: 253);
        if (name is null || key is null)
        {
            return null;
        }

        if (configMaps.Find(inNamespace, name) is not { } data)
        {
            reader.Findings.Error("reference/missing", reference.At("name"),
                $"there is no ConfigMap {Quoted.Text(name)} in namespace {Quoted.Text(inNamespace)}",
                "create it; offline, give its file with another `-f`");
            return null;
        }

        if (!data.TryGetValue(key, out var text))
        {
            reader.Findings.Error("reference/missing", reference.At("key"),
                $"ConfigMap {Quoted.Text(name)} has no key {Quoted.Text(key)}",
                data.Count == 0
                    ? "it holds no text"
                    : Suggestion.For(key, [.. data.Keys.Order(StringComparer.Ordinal).Take(10)]));
            return null;
        }

        return new ConfigMapText(name, key, text, data);
    }
}
