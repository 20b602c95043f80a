using System.Diagnostics;
using System.Reflection;
using CachePolicyOperator.Entities;
using CachePolicyOperator.Entities.Attributes;
using CachePolicyOperator.Entities.Reading;

namespace CachePolicyOperator.Crds.Schema;

/// <summary>
/// From an entity class to a structural OpenAPI schema: types and descriptions, nothing else. What a value must be is
/// told by the readers, with a remedy. Specs keep unknown fields, so that the webhook can refuse them by name.
/// </summary>
internal sealed class SchemaBuilder(XmlDocs docs)
{
    // Beyond these a JSON number is no exact integer, and one such object would blind every watch of ours.
    private const long LargestInteger = (1L << 53) - 1;

    public OrderedDictionary<string, object> Map(Type type, string? description)
    {
        var schema = Described(description ?? docs.Of(type));
        schema["type"] = "object";
        if (typeof(SpecPart).IsAssignableFrom(type))
        {
            schema["x-kubernetes-preserve-unknown-fields"] = true;
        }

        var properties = FieldNames.Properties(type).ToArray();
        var required = properties.Where(p => p.GetCustomAttribute<RequiredAttribute>() is not null)
            .Select(FieldNames.Of).ToList();
        if (required.Count > 0)
        {
            schema["required"] = required;
        }

        var fields = new OrderedDictionary<string, object>();
        foreach (var property in properties)
        {
            fields[FieldNames.Of(property)] = Field(property);
        }

        schema["properties"] = fields;
        return schema;
    }

    private OrderedDictionary<string, object> Field(PropertyInfo property)
    {
        var schema = Of(property.PropertyType, docs.Of(property));
        // Server-side apply up to Kubernetes 1.20 leaves null where it takes an object's last field away.
        if (schema.TryGetValue("type", out var kind) && kind is "object"
            && property.DeclaringType == typeof(CachePolicyStatus))
        {
            schema["nullable"] = true;
        }

        if (property.GetCustomAttribute<MergedByAttribute>() is { } merged)
        {
            schema["x-kubernetes-list-type"] = "map";
            schema["x-kubernetes-list-map-keys"] = new List<string> { merged.Key };
        }

        return schema;
    }

    private OrderedDictionary<string, object> Of(Type type, string? description)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IList<>))
        {
            var list = Described(description);
            list["type"] = "array";
            list["items"] = Of(type.GetGenericArguments()[0], null);
            return list;
        }

        if (type == typeof(IDictionary<string, string>))
        {
            var map = Described(description);
            map["type"] = "object";
            map["additionalProperties"] = Of(typeof(string), null);
            return map;
        }

        if (type == typeof(AnyForm))
        {
            var open = Described(description);
            open["x-kubernetes-preserve-unknown-fields"] = true;
            return open;
        }

        if (type.IsClass && type != typeof(string))
        {
            return Map(type, description);
        }

        var schema = Described(description);
        if (type == typeof(string))
        {
            schema["type"] = "string";
        }
        else if (type == typeof(bool))
        {
            schema["type"] = "boolean";
        }
        else if (type == typeof(double))
        {
            schema["type"] = "number";
            schema["format"] = "double";
        }
        else if (type == typeof(long))
        {
            schema["type"] = "integer";
            schema["format"] = "int64";
            schema["minimum"] = -LargestInteger;
            schema["maximum"] = LargestInteger;
        }
        else
        {
            throw new UnreachableException($"{type} has no schema");
        }

        return schema;
    }

    private static OrderedDictionary<string, object> Described(string? description)
    {
        var schema = new OrderedDictionary<string, object>();
        if (description is not null)
        {
            schema["description"] = description;
        }

        return schema;
    }
}
