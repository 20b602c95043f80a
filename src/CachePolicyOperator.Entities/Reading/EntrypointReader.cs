using CachePolicyOperator.Core;
using CachePolicyOperator.Core.Model;

namespace CachePolicyOperator.Entities.Reading;

/// <summary>Reads <c>spec.entrypoints</c>: what the fallback switches.</summary>
internal static class EntrypointReader
{
    private const int Most = 50;
    private const string Help = "give what clients reach: `- service: {name: …, port: 80}`";

    public static EquatableList<Entrypoint> Read(FieldReader spec)
    {
        var elements = spec.Each("entrypoints", Most).ToArray();
        if (spec.IsGiven && (!spec.Has("entrypoints") || spec.IsEmptyList("entrypoints")))
        {
            spec.Findings.Error("field/missing", spec.At("entrypoints"),
                "there is no entrypoint, so that a fallback could switch nothing", Help);
        }

        var entrypoints = new List<Entrypoint>();
        var seen = new Dictionary<Entrypoint, string>();
        foreach (var (node, path) in elements)
        {
            var reader = FieldReader.Of<EntrypointSpec>(node, path, spec.Findings);
            var given = reader.Given("service", "ingress", "httpRoute");
            if (reader.IsGiven && given.Length != 1)
            {
                spec.Findings.Error(given.Length == 0 ? "field/missing" : "field/conflict", path,
                    given.Length == 0
                        ? "the entrypoint names nothing"
                        : $"the entrypoint names {string.Join(" and ", given.Select(g => $"`{g}`"))}",
                    "give exactly one of `service`, `ingress` and `httpRoute`; several entrypoints are several elements");
            }
            else if (Read(reader, given) is { } entrypoint)
            {
                entrypoints.Add(entrypoint);
                if (entrypoint is not ServiceEntrypoint)
                {
                    spec.Findings.Error("entrypoint/unsupported", path,
                        "this version of the operator switches Services only",
                        "give `service: {name: …, port: …}` and let the Ingress or HTTPRoute lead to that Service");
                }

                if (entrypoint is ServiceEntrypoint service
                    && seen.Keys.Any(
                        k => k is ServiceEntrypoint other && other.Name == service.Name && other != service))
                {
                    spec.Findings.Error("entrypoint/one-service", path,
                        $"two entrypoints switch the Service `{service.Name}`, each away from what the other makes of it",
                        "give each entrypoint a Service of its own");
                }

                if (!seen.TryAdd(entrypoint, path))
                {
                    spec.Findings.Error("name/duplicate", path,
                        $"the entrypoint is listed twice, first at {seen[entrypoint]}", "remove one of them");
                }
            }
        }

        return entrypoints.ToEquatableList();
    }

    private static Entrypoint? Read(FieldReader reader, string[] given) => given switch
    {
        ["service"] => ServicePort.Read(reader.Map<ServicePortSpec>("service")) is { } service
            ? new ServiceEntrypoint(service.Name, service.Port)
            : null,
        ["ingress"] => Names.ObjectName(reader.Map<NamedSpec>("ingress"), "name", "Ingress") is { } name
            ? new IngressEntrypoint(name)
            : null,
        ["httpRoute"] => Names.ObjectName(reader.Map<NamedSpec>("httpRoute"), "name", "HTTPRoute") is { } name
            ? new HttpRouteEntrypoint(name)
            : null,
        _ => null,
    };
}
