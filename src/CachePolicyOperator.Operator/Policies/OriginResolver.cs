using CachePolicyOperator.Core.Diagnostics;
using CachePolicyOperator.Core.Model;
using k8s.Models;

namespace CachePolicyOperator.Operator.Policies;

/// <summary>Where varnishd finds the origin: an address that does not change while the Service lives.</summary>
internal sealed record OriginAddress(string Host, int Port)
{
    /// <summary>
    /// Stands for the address of a Service that is not there yet. Of 192.0.2.0/24 (RFC 5737), which nobody has.
    /// </summary>
    public static OriginAddress Unknown(Origin origin) => new("192.0.2.1", origin.Port);
}

/// <summary>Finds the address of an origin, or says what is wrong with its Service.</summary>
internal static class OriginResolver
{
    /// <summary>Objects come in any order: what is not there yet may be there before it is needed.</summary>
    public const string NotFound = "origin/not-found";

    private const string DefaultPath = "spec.origin.service";

    /// <summary>The address of the default origin, to which entries lead where there is no cache.</summary>
    public static (OriginAddress? Address, Diagnostic? Problem) Resolve(Origin origin, V1Service? service) =>
        service?.Spec is { } spec && (spec.Type == "ExternalName" || spec.Selector is not { Count: > 0 })
            ? (null, Diagnostic.Error(
                "origin/no-selector",
                $"{DefaultPath}.name",
                $"service `{origin.Service}` "
                    + $"{(spec.Type == "ExternalName" ? "is an ExternalName" : "has no selector")}, "
                + "so an entry could not lead past the cache to its pods",
                "name a Service that selects pods; for an origin outside of the cluster, pods of a proxy that leads "
                    + "there"))
            : Resolve(origin, service, DefaultPath);

    /// <summary>The address of any origin, as varnishd needs it.</summary>
    /// <param name="path">The field that names its Service.</param>
    public static (OriginAddress? Address, Diagnostic? Problem) Resolve(Origin origin, V1Service? service, string path)
    {
        if (service?.Spec is not { } spec)
        {
            return (null, Diagnostic.Error(
                NotFound,
                $"{path}.name",
                $"service `{origin.Service}` does not exist",
                "make it, or name another Service of this namespace"));
        }

        if (spec.Ports?.Any(p => p.Port == origin.Port) != true)
        {
            return (null, Diagnostic.Error(
                "origin/port",
                $"{path}.port",
                $"service `{origin.Service}` has no port {origin.Port}",
                $"name one of its ports: {string.Join(", ", spec.Ports?.Select(p => $"`{p.Port}`") ?? [])}"));
        }

        return string.IsNullOrEmpty(spec.ClusterIP) || spec.ClusterIP == "None"
            ? (null, Diagnostic.Error(
                "origin/headless",
                $"{path}.name",
                $"service `{origin.Service}` has no cluster IP, so varnishd has no lasting address to send requests to",
                "name a Service with a cluster IP"))
            : (new OriginAddress(spec.ClusterIP, origin.Port), null);
    }
}
