using System.Globalization;
using CachePolicyOperator.Core.Rollout;

namespace CachePolicyOperator.Operator.Entries;

/// <summary>What the operator writes on an entry that it turns. A person who turns one by hand does not write it.</summary>
internal static class EntryMarks
{
    /// <summary>What the entry was last turned to.</summary>
    public const string Target = "cachepolicy.dev/leads-to";

    /// <summary>When it was turned there, with milliseconds.</summary>
    public const string Since = "cachepolicy.dev/since";

    /// <summary>Null where the operator never turned it.</summary>
    public static EntryTarget? ReadTarget(IDictionary<string, string>? annotations) =>
        annotations?.TryGetValue(Target, out var text) == true && Enum.TryParse<EntryTarget>(text, out var target)
            ? target
            : null;

    public static DateTimeOffset ReadSince(IDictionary<string, string>? annotations) =>
        annotations?.TryGetValue(Since, out var text) == true
        && DateTimeOffset.TryParse(text, null, DateTimeStyles.AssumeUniversal, out var time)
            ? time
            : default;
}
