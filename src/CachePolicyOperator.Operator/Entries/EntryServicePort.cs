using k8s.Models;

namespace CachePolicyOperator.Operator.Entries;

/// <summary>Which of an entry's ports is the operator's. The others are somebody else's, and stay.</summary>
internal static class EntryServicePort
{
    public const string Name = "http";

    /// <summary>Number of the port of an entry that no policy names.</summary>
    public static int Of(V1Service service) =>
        service.Spec?.Ports is { Count: > 0 } ports ? ports[Index(ports, null)].Port : 80;

    /// <summary>Where it is among the others; −1 where it is missing.</summary>
    /// <param name="number">As the policy says; null where none does.</param>
    public static int Index(IList<V1ServicePort> ports, int? number)
    {
        var at = Find(ports, p => p.Port == number && p.Protocol is (null or "TCP"));
        // The number was changed: it is still the one that was made.
        at = at >= 0 ? at : Find(ports, p => p.Name == Name);
        return at >= 0 || number is not null ? at : 0;
    }

    private static int Find(IList<V1ServicePort> ports, Func<V1ServicePort, bool> fits)
    {
        for (var i = 0; i < ports.Count; i++)
        {
            if (fits(ports[i]))
            {
                return i;
            }
        }

        return -1;
    }
}
