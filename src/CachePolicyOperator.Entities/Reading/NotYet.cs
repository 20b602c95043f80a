using CachePolicyOperator.Core.Diagnostics;
using CachePolicyOperator.Entities.Documents;

namespace CachePolicyOperator.Entities.Reading;

/// <summary>
/// What may be written and does nothing yet, so that whoever writes it is told. Whoever makes one act takes its line
/// away here, and names the test that shows it in <c>FieldsTests</c>.
/// </summary>
internal static class NotYet
{
    public const string Code = "policy/not-yet";

    /// <summary>By kind: the field, what it will do, and what happens instead.</summary>
    public static IReadOnlyList<NotYetField> Fields { get; } =
    [
        Policy("spec.rollout.warmPrevious", "will say whether the previous revision stays loaded", "it stays loaded"),
        Policy("spec.guard.sample", "will bound the share of responses that are watched", "every response is watched"),
        Policy("spec.fallback.origin.maxConcurrency", "will bound the requests to the origin after a fallback",
            "the origin gets them all"),
    ];

    /// <summary>
    /// Warns of every field of <paramref name="kind"/> that is written in the document and does nothing yet.
    /// </summary>
    public static void Tell(string kind, Document document, Findings findings)
    {
        foreach (var field in Fields.Where(f => f.Kind == kind && IsWritten(document.Root, f.Path)))
        {
            findings.Add(Diagnostic.Warning(Code, field.Path,
                $"`{field.Path[(field.Path.LastIndexOf('.') + 1)..]}` {field.Will}; today it does nothing: "
                    + $"{field.Instead}",
                "it may stay; do not rely on it"));
        }

        if (kind == CachePolicy.KubeKind
            && Find(document.Root, "spec.guard.onLeak") is { Kind: NodeKind.Text, Text: "Quarantine" })
        {
            findings.Add(Diagnostic.Warning(Code, "spec.guard.onLeak",
                "`Quarantine` will pass only the rules that leaked; today it acts as `Bypass`: Varnish passes "
                    + "everything",
                "write `Bypass`, which says what happens, or `NoCache`, which takes Varnish out of the path"));
        }
    }

    private static bool IsWritten(DocumentNode root, string path) => Find(root, path) is { Kind: not NodeKind.Null };

    private static DocumentNode? Find(DocumentNode root, string path)
    {
        var node = root;
        foreach (var step in path.Split('.'))
        {
            node = node?.Kind == NodeKind.Map ? node.Find(step) : null;
        }

        return node;
    }

    private static NotYetField Policy(string path, string will, string instead) =>
        new(CachePolicy.KubeKind, path, will, instead);
}

/// <summary>A field that does nothing yet.</summary>
internal sealed record NotYetField(string Kind, string Path, string Will, string Instead);
