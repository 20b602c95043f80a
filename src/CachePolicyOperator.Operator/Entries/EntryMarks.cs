using System.Globalization;
using CachePolicyOperator.Core.Rollout;
using CachePolicyOperator.Entities;
using CachePolicyOperator.Operator.Objects;
using k8s.Models;

namespace CachePolicyOperator.Operator.Entries;

/// <summary>Reads what the operator wrote on an entry. A person who turns one by hand does not write it.</summary>
internal static class EntryMarks
{
    /// <summary>Null where the operator never turned it.</summary>
    public static EntryTarget? ReadTarget(IDictionary<string, string>? annotations) =>
        annotations?.TryGetValue(EntryMetadata.Target, out var text) == true
            && Enum.TryParse<EntryTarget>(text, out var target)
            ? target
            : null;

    public static DateTimeOffset ReadSince(IDictionary<string, string>? annotations) =>
        annotations?.TryGetValue(EntryMetadata.Since, out var text) == true
        && DateTimeOffset.TryParse(text, null, DateTimeStyles.AssumeUniversal, out var time)
            ? time
            : default;

    /// <summary>Made by the operator as an entry, for whichever policy.</summary>
    public static bool IsEntry(V1Service service) =>
        Owners.PolicyOf(service) is not null
        && (service.Metadata.Labels?.ContainsKey(EntryMetadata.Entry) == true
            || service.Metadata.Annotations?.ContainsKey(EntryMetadata.Target) == true);
}
