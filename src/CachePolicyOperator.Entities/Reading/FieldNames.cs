using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace CachePolicyOperator.Entities.Reading;

/// <summary>
/// Names of the fields of an entity class as they are written in YAML. Whoever hands a class on by its type says so to
/// the trimmer (<see cref="Kept"/>), so that a program of machine code keeps the properties that are looked for here.
/// </summary>
public static class FieldNames
{
    /// <summary>What must be left of an entity class.</summary>
    public const DynamicallyAccessedMemberTypes Kept = DynamicallyAccessedMemberTypes.PublicProperties;

    public static string[] Of<[DynamicallyAccessedMembers(Kept)] TSpec>() => Known<TSpec>.Names;

    public static string Of(PropertyInfo property) => JsonNamingPolicy.CamelCase.ConvertName(property.Name);

    public static IEnumerable<PropertyInfo> Properties([DynamicallyAccessedMembers(Kept)] Type type) =>
        type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(p => p.GetCustomAttribute<JsonExtensionDataAttribute>() is null);

    private static class Known<[DynamicallyAccessedMembers(Kept)] TSpec>
    {
        public static readonly string[] Names = [.. Properties(typeof(TSpec)).Select(Of)];
    }
}
