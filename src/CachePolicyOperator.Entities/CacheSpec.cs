namespace CachePolicyOperator.Entities;

/// <summary>The pods that run Varnish: either `workload` or `managed`.</summary>
public sealed class CacheSpec : SpecPart
{
    /// <summary>A workload that the team owns and the operator adopts.</summary>
    public WorkloadSpec? Workload { get; set; }

    /// <summary>A workload that the operator owns, with its Service and PodDisruptionBudget.</summary>
    public ManagedSpec? Managed { get; set; }
}

/// <summary>A workload in the namespace of the policy.</summary>
public sealed class WorkloadSpec : SpecPart
{
    /// <summary>`Deployment` or `StatefulSet`.</summary>
    public string? Kind { get; set; }

    /// <summary>Name of the workload.</summary>
    public string? Name { get; set; }
}

/// <summary>How the operator's own workload is made.</summary>
public sealed class ManagedSpec : SpecPart
{
    /// <summary>Number of cache pods; 2 unless told.</summary>
    public long? Replicas { get; set; }

    /// <summary>Image with varnishd; the operator's own unless told.</summary>
    public string? Image { get; set; }

    /// <summary>Memory for stored objects, for example `256Mi`.</summary>
    public string? Storage { get; set; }

    /// <summary>What is added to its pods: where they run, what they are given.</summary>
    public PodsSpec? Pods { get; set; }
}
