using System.Globalization;
using CachePolicyOperator.Core.AgentProtocol;
using k8s.Models;

namespace CachePolicyOperator.Operator.Objects;

/// <summary>Finds the port on which varnishd answers clients, in pods that the operator did not make.</summary>
internal static class PodPorts
{
    /// <summary>What the port is called where it is called anything.</summary>
    public const string Name = "http";

    private static readonly string[] Others = ["agent", "health", "admin", "metrics", "prometheus"];
    private static readonly int[] Usual = [6081, 80, 8080];

    /// <summary>Whether a Service's target port is one of the pod. A number needs no declaration.</summary>
    public static bool Has(V1Pod pod, IntOrString? target) =>
        target?.Value is null || int.TryParse(target.Value, out _) || Declared(pod).Any(p => p.Name == target.Value);

    /// <summary>
    /// The port that the most of the pods have, as a Service names it; the name where all have it. Null where none of
    /// them says which it is.
    /// </summary>
    public static IntOrString? OfMost(IReadOnlyCollection<V1Pod> pods) =>
        pods.Count > 0 && pods.All(p => Declared(p).Any(d => d.Name == Name))
            ? Name
            : pods.Select(Of)
                .OfType<int>()
                .GroupBy(p => p)
                .OrderByDescending(g => g.Count())
                .ThenBy(g => g.Key)
                .Select(g => (IntOrString?)g.Key.ToString(CultureInfo.InvariantCulture))
                .FirstOrDefault();

    /// <summary>Whether varnishd answers at that port in this pod.</summary>
    public static bool IsAt(V1Pod pod, IntOrString target) =>
        target.Value == Name
            ? Declared(pod).Any(d => d.Name == Name)
            : Of(pod)?.ToString(CultureInfo.InvariantCulture) == target.Value;

    private static int? Of(V1Pod pod)
    {
        var declared = Declared(pod).ToArray();
        if (declared.FirstOrDefault(p => p.Name == Name) is { } named)
        {
            return named.ContainerPort;
        }

        var candidates = declared
            .Where(p => p.ContainerPort != AgentApi.Port && !Others.Contains(p.Name))
            .Select(p => p.ContainerPort)
            .Distinct()
            .ToArray();
        return candidates.Length == 1
            ? candidates[0]
            : Usual.Where(candidates.Contains).Select(p => (int?)p).FirstOrDefault();
    }

    private static IEnumerable<V1ContainerPort> Declared(V1Pod pod) =>
        (pod.Spec?.Containers ?? []).SelectMany(c => c.Ports ?? []).Where(p => p.Protocol is null or "TCP");
}
