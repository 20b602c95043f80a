using CachePolicyOperator.Entities;

namespace CachePolicyOperator.Operator.Policies;

/// <summary>Writes conditions so that <c>lastTransitionTime</c> moves only with <c>status</c>.</summary>
internal static class StatusConditions
{
    public static Condition Of(
        IEnumerable<Condition>? current, string type, bool? holds, string reason, string message, long? generation,
            DateTimeOffset now)
    {
        var status = holds switch { true => "True", false => "False", null => "Unknown" };
        var old = current?.FirstOrDefault(c => c.Type == type);
        return new Condition
        {
            Type = type,
            Status = status,
            Reason = reason,
            Message = Cut(message),
            ObservedGeneration = generation,
            LastTransitionTime = old?.Status == status && old.LastTransitionTime is not null
                ? old.LastTransitionTime
                : Rfc3339(now),
        };
    }

    public static Condition? Find(this CachePolicyStatus? status, string type) =>
        status?.Conditions?.FirstOrDefault(c => c.Type == type);

    public static string Rfc3339(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ");

    public static string Precise(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffZ");

    // Kubernetes allows 32 KiB; a reader of `kubectl describe` does not.
    public static string Cut(string message) => message.Length <= 4_096 ? message : message[..4_095] + "…";
}
