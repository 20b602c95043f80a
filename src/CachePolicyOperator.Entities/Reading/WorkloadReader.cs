using System.Globalization;
using CachePolicyOperator.Core.Model;
using CachePolicyOperator.Entities.Documents;

namespace CachePolicyOperator.Entities.Reading;

/// <summary>Reads <c>spec.cache</c>: the pods that run Varnish.</summary>
internal static class WorkloadReader
{
    private const string DefaultStorage = "256Mi";

    /// <summary>Bytes that varnishd needs beside what it stores.</summary>
    private const long BesideStorage = 128L << 20;

    public static CacheWorkload? Read(FieldReader spec)
    {
        var cache = spec.RequiredMap<CacheSpec>("cache",
            "name the workload that runs Varnish (`cache: {workload: {kind: Deployment, name: …}}`), or let the "
                + "operator own one (`cache: {managed: {}}`)");
        var given = cache.Given("workload", "managed");
        if (cache.IsGiven && given.Length != 1)
        {
            spec.Findings.Error(given.Length == 0 ? "field/missing" : "field/conflict", cache.Path,
                given.Length == 0
                    ? "neither `workload` nor `managed` is given"
                    : "both `workload` and `managed` are given",
                "give exactly one: `workload` adopts yours, `managed` makes one");
            return null;
        }

        return given is ["workload"]
            ? Adopted(cache.Map<WorkloadSpec>("workload"))
            : Managed(cache.Map<ManagedSpec>("managed"));
    }

    private static AdoptedWorkload? Adopted(FieldReader workload)
    {
        if (workload.IsGiven && !workload.Has("kind"))
        {
            workload.Missing("kind", "write `kind: Deployment` or `kind: StatefulSet`");
        }

        var kind = workload.Choice("kind", "Deployment", "StatefulSet");
        var name = Names.ObjectName(workload, "name", "workload");
        return kind is not null && name is not null ? new AdoptedWorkload(kind, name) : null;
    }

    private static ManagedWorkload? Managed(FieldReader managed)
    {
        var replicas = managed.Whole("replicas", 1, 1_000) ?? 2;
        var image = managed.Text("image", 512);
        if (image is not null && image.Any(char.IsWhiteSpace))
        {
            managed.Findings.Error("image/invalid", managed.At("image"), $"{Quoted.Text(image)} is no image",
                "write `registry/name:tag`");
        }

        var storage = managed.Text("storage", 32) ?? DefaultStorage;
        if (StorageOf(storage) is { } size)
        {
            var pods = PodsReader.Read(managed.Map<PodsSpec>("pods"),
                least: (long)Quantity.Of(storage, NumberStyles.None)!.Value + BesideStorage);
            return managed.IsGiven ? new ManagedWorkload(replicas, image, size) { Pods = pods } : null;
        }

        managed.Findings.Error("storage/invalid", managed.At("storage"),
            $"{Quoted.Text(storage)} is no size of at least 1Mi",
            "write a whole number and a unit, for example `256Mi` or `2Gi`");
        return null;
    }

    /// <summary>A Kubernetes quantity as Varnish reads sizes, whose <c>M</c> is 2^20 bytes.</summary>
    private static string? StorageOf(string quantity)
    {
        var kilobytes = Quantity.Of(quantity, NumberStyles.None) / 1024;
        return kilobytes is not (>= 1024 and <= 1L << 40)
            ? null
            : decimal.IsInteger(kilobytes.Value / 1024) ? $"{kilobytes / 1024:0}M"
                : $"{Math.Floor(kilobytes.Value):0}K";
    }
}
