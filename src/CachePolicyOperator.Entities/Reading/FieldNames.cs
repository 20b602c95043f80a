using System.Collections.Concurrent;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace CachePolicyOperator.Entities.Reading;

/// <summary>Names of the fields of an entity class as they are written in YAML.</summary>
internal static class FieldNames
{
    private static readonly ConcurrentDictionary<Type, string[]> Known = new();

    public static string[] Of<TSpec>() => Of(typeof(TSpec));

    public static string[] Of(Type type) => Known.GetOrAdd(type, t => [.. Properties(t).Select(Of)]);

    public static string Of(PropertyInfo property) => JsonNamingPolicy.CamelCase.ConvertName(property.Name);

    public static IEnumerable<PropertyInfo> Properties(Type type) =>
        type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(p => p.GetCustomAttribute<JsonExtensionDataAttribute>() is null);
}
