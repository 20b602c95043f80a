using System.Reflection;
using System.Text;
using System.Text.Json.Nodes;
using CachePolicyOperator.Core;
using CachePolicyOperator.Core.Diagnostics;
using CachePolicyOperator.Entities.Documents;
using CachePolicyOperator.Entities.Reading;

namespace CachePolicyOperator.Entities.Tests.Reading;

/// <summary>
/// Takes every field of every kind from the entity classes and writes each wrongly, so that a new field cannot be
/// forgotten.
/// </summary>
public sealed class EveryFieldTests
{
    /// <summary>What stands for an entry of a map.</summary>
    private const string AnyEntry = ".any";

    private static readonly Type[] Kinds = [
        typeof(CachePolicy), typeof(PersonalRoutes), typeof(CacheReview), typeof(CacheInvalidation)];

    public static TheoryData<string, string> Fields()
    {
        var fields = new TheoryData<string, string>();
        foreach (var kind in Kinds)
        {
            foreach (var (path, _) in Below(kind.GetProperty("Spec")!.PropertyType, "spec"))
            {
                fields.Add(kind.Name, path);
            }
        }

        return fields;
    }

    [Theory]
    [MemberData(nameof(Fields))]
    public void A_wrong_type_is_told_at_its_path(string kind, string path)
    {
        var wrong = WrongFor(TypeAt(kind, path));

        Assert.Contains(Read(kind, path, wrong).Items,
            d => d.Code == "field/type" && d.Path.StartsWith(path, StringComparison.Ordinal) && d.Help is not null);
    }

    [Theory]
    [MemberData(nameof(Fields))]
    public void No_value_is_told_at_its_path(string kind, string path) =>
        Assert.Contains(Read(kind, path, null).Items,
            d => d.Path == path && d is { Code: "field/empty" or "field/type", Help: not null });

    [Theory]
    [MemberData(nameof(Fields))]
    public void A_misspelt_name_is_told_at_its_path_with_the_right_one(string kind, string path)
    {
        if (path.EndsWith(']') || path.EndsWith(AnyEntry, StringComparison.Ordinal))
        {
            return;
        }

        var name = path[(path.LastIndexOf('.') + 1)..];
        var misspelt = $"{name}x";

        var told = Assert.Single(Read(kind, $"{path}x", "x").Items, d => d.Code == "field/unknown");

        Assert.Equal($"{path}x", told.Path);
        Assert.Equal($"did you mean `{name}`?", told.Help);
        Assert.Contains(misspelt, told.Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Fields))]
    public void A_nonsense_text_is_told_or_is_a_text(string kind, string path)
    {
        // INVARIANT: whatever is written, reading ends with a value or with an error, never with an exception.
        foreach (var nonsense in new[] { "", " ", "-5s", "*", "(", "a\0b", "../..", "é", "%zz", "/\u202e",
            new string('x', 100_000) })
        {
            var found = Read(kind, path, nonsense);

            Assert.All(found.Items, d => Assert.DoesNotContain('\u202e', d.ToString()));
            Assert.All(found.Items, d => Assert.True(d.ToString().Length < 1_000, d.ToString()));
        }
    }

    /// <summary>
    /// A document in which only the field at <paramref name="path"/> is written; lists have one element.
    /// </summary>
    private static EquatableList<Diagnostic> Read(string kind, string path, JsonNode? value)
    {
        var root = new JsonObject
        {
            ["apiVersion"] = ApiGroup.NameAndVersion,
            ["kind"] = kind,
            ["metadata"] = new JsonObject { ["name"] = "a", ["namespace"] = "b" },
        };
        JsonNode at = root;
        var steps = path.Replace("[0]", ".0", StringComparison.Ordinal).Split('.');
        for (var i = 0; i < steps.Length; i++)
        {
            var next = i == steps.Length - 1 ? value : steps[i + 1] == "0" ? new JsonArray() : new JsonObject();
            if (at is JsonArray list)
            {
                list.Add(next);
            }
            else
            {
                at[steps[i]] = next;
            }

            at = next!;
        }

        var document = JsonDocuments.Read(Encoding.UTF8.GetBytes(root.ToJsonString())).Documents[0];
        return kind switch
        {
            nameof(CachePolicy) => PolicyReader.Read(document, NoConfigMaps.Instance).Diagnostics,
            nameof(PersonalRoutes) => PersonalRoutesReader.Read(document, NoConfigMaps.Instance).Diagnostics,
            nameof(CacheInvalidation) => InvalidationReader.Read(document).Diagnostics,
            _ => ReviewReader.Read(document).Diagnostics,
        };
    }

    private static JsonNode WrongFor(Type type) =>
        type == typeof(AnyForm) ? JsonValue.Create(true)
        : type == typeof(string) ? new JsonObject { ["a"] = 1 }
        : JsonValue.Create("seven");

    private static Type TypeAt(string kind, string path) =>
        Below(Kinds.Single(k => k.Name == kind).GetProperty("Spec")!.PropertyType, "spec")
            .Single(f => f.Path == path).Type;

    private static IEnumerable<(string Path, Type Type)> Below(Type type, string path)
    {
        foreach (var property in FieldNames.Properties(type))
        {
            foreach (var field in Field(property.PropertyType, $"{path}.{FieldNames.Of(property)}", property))
            {
                yield return field;
            }
        }
    }

    private static IEnumerable<(string Path, Type Type)> Field(Type type, string path, PropertyInfo property)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        yield return (path, type);
        if (type.IsGenericType)
        {
            var isMap = type.GetGenericTypeDefinition() == typeof(IDictionary<,>);
            foreach (var element in Field(type.GetGenericArguments()[^1], path + (isMap ? AnyEntry : "[0]"), property))
            {
                yield return element;
            }
        }
        else if (type.IsClass && type != typeof(string) && type != typeof(AnyForm))
        {
            foreach (var below in Below(type, path))
            {
                yield return below;
            }
        }
    }
}
