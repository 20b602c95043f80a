using CachePolicyOperator.Cli.Cluster;
using CachePolicyOperator.Cli.Terminals;
using CachePolicyOperator.Core;
using CachePolicyOperator.Core.Rollout;
using CachePolicyOperator.Entities;
using k8s.Models;

namespace CachePolicyOperator.Cli.Output;

/// <summary>
/// What is to be seen of a policy, as a tree: the level seen and wanted, what is not well, pods, entries, open
/// incidents.
/// </summary>
internal sealed class StatusTree(PolicyView view, Paint paint)
{
    private readonly CachePolicyStatus _status = view.Policy.Status ?? new CachePolicyStatus();

    public TreeNode Root => new(
        Head, (TreeNode[])[.. Revisions(), .. Generation(), .. Conditions(), .. Diagnostics(), .. Pods(), .. Entries(),
            .. Fallback(), .. Incidents()]);

    private V1ObjectMeta Metadata => view.Policy.Metadata;

    private string Head
    {
        get
        {
            var level = _status.Level ?? "not looked at yet";
            var isWell = level == "Cached" && _status.LevelWanted is null or "Cached";
            var seen = isWell ? paint.Good(level) : paint.Error(level);
            var wanted = _status.LevelWanted is { } other && other != _status.Level
                ? $", {paint.Error($"{other} is wanted")}" : "";
            return $"{paint.Strong($"{Metadata.NamespaceProperty}/{Metadata.Name}")} is {seen}{wanted}";
        }
    }

    private IEnumerable<TreeNode> Revisions()
    {
        var (active, proven, previous) =
            (_status.Revision?.Active, _status.Revision?.Proven, _status.Revision?.Previous);
        (string Name, string Digest)[] all =
        [
            .. new[] { ("serves", active), ("proven", proven), ("before", previous) }
                .Where(r => r.Item2 is not null).Select(r => (r.Item1, r.Item2!)),
        ];
        if (all.Length == 0)
        {
            yield return new TreeNode("no revision");
        }
        else if (active is not null && active == proven)
        {
            yield return new TreeNode($"revision {active}", Lines([.. all.Skip(2)]));
        }
        else
        {
            yield return new TreeNode("revision", Lines(all));
        }

        static TreeNode[] Lines((string Name, string Digest)[] revisions) =>
            [.. revisions.Select(r => new TreeNode($"{r.Name}  {SafeText.Of(r.Digest)}"))];
    }

    private IEnumerable<TreeNode> Generation()
    {
        if (_status.ObservedGeneration is { } observed && observed < Metadata.Generation)
        {
            yield return new TreeNode(
                paint.Warning($"the spec is of generation {Metadata.Generation}, this status of {observed}"));
        }
    }

    private IEnumerable<TreeNode> Conditions()
    {
        var conditions = _status.Conditions ?? [];
        var ill = conditions.Where(c => !Wellness.IsWell(c)).ToArray();
        if (conditions.Count == 0)
        {
            yield return new TreeNode(paint.Warning("no conditions: no operator looked at it"));
        }
        else
        {
            yield return new TreeNode(
                ill.Length == 0 ? $"{paint.Good("well")}: all {conditions.Count} conditions"
                    : $"{paint.Error("not well")}: {ill.Length} of {conditions.Count} conditions",
                ill.Select(c => new TreeNode(
                    $"{paint.Error(SafeText.Of(c.Type ?? "-"))} "
                        + SafeText.Of($"{c.Status}, {c.Reason}: {c.Message}"))));
        }
    }

    private IEnumerable<TreeNode> Diagnostics()
    {
        foreach (var diagnostic in _status.Diagnostics ?? [])
        {
            var label = $"{diagnostic.Severity?.ToLowerInvariant()}[{diagnostic.Code}]";
            yield return new TreeNode(
                $"{(diagnostic.Severity == "Error" ? paint.Error(label) : paint.Warning(label))}: "
                    + $"{SafeText.Of(diagnostic.Message ?? "")}",
                (TreeNode[])
                [
                    .. Line("at", diagnostic.Path),
                    .. Line("request", diagnostic.Witness is { } witness ? $"{witness.Method} {witness.Target}" : null),
                    .. Line("help", diagnostic.Help),
                ]);
        }

        IEnumerable<TreeNode> Line(string name, string? text) =>
            text is null ? [] : [new TreeNode($"{paint.Faint($"{name}:")} {SafeText.Of(text)}")];
    }

    private IEnumerable<TreeNode> Pods()
    {
        if (_status.Rollout is { } rollout)
        {
            var seen = rollout.Pods?.Seen ?? [];
            var isTried = rollout.Phase is nameof(RolloutPhase.Canary) or nameof(RolloutPhase.Paused);
            yield return new TreeNode(
                $"pods: {rollout.Pods?.OnRevision ?? 0} of {rollout.Pods?.Total ?? 0} "
                    + $"{(isTried ? "are as the trial has them" : "serve with the revision")} ({rollout.Phase ?? "-"})",
                [.. Trial(rollout), .. seen.Select(Pod)]);
        }
    }

    private IEnumerable<TreeNode> Trial(RolloutStatus rollout)
    {
        if (rollout is { Revision: { } revision, Progress: { } progress })
        {
            yield return new TreeNode(
                $"{paint.Warning("on trial")}: {SafeText.Of(Digest.Read(revision)?.Abbreviated ?? revision)} in "
                    + $"{SafeText.Of(string.Join(", ", rollout.Canaries ?? []))}; {SafeText.Of(progress)}");
        }
    }

    private TreeNode Pod(RolloutPodStatus pod)
    {
        string[] words =
        [
            SafeText.Of(pod.Name ?? "-"),
            pod.Level is null ? paint.Error("unreachable") : pod is { Level: "Cached", Revision: not null }
                ? paint.Good("Cached") : paint.Error(SafeText.Of(pod.Level)),
            SafeText.Of(Digest.Read(pod.Revision)?.Abbreviated ?? "no revision"),
            .. pod.Engine is null ? (string[])[] : [SafeText.Of($"Varnish {pod.Engine}")],
            .. pod.Watching is false ? (string[])[paint.Error("not watched")] : [],
        ];
        return new TreeNode(
            string.Join("  ", words), pod.Trouble is null ? [] : [new TreeNode(paint.Error(SafeText.Of(pod.Trouble)))]);
    }

    private IEnumerable<TreeNode> Entries() => view.Entries is null
        ? [new TreeNode(paint.Warning("entries: you may not list Services here"))]
        : view.Entries.Select(Entry);

    /// <summary>Where it leads is what its selector says; what is written on it may be older.</summary>
    private TreeNode Entry(V1Service entry)
    {
        var marks = entry.Metadata.Annotations ?? new Dictionary<string, string>();
        var origin = EntryOrigin.Read(marks);
        var written = marks.TryGetValue(EntryMetadata.Target, out var target) ? target : null;
        var leads = origin?.Selector is { } selector && IsSame(selector, entry.Spec?.Selector) ? "Origin"
            : written is "Cache" ? "Cache" : null;
        var where = leads switch
        {
            "Origin" => paint.Warning($"leads to the origin `{SafeText.Of(origin!.Service)}`"),
            "Cache" => paint.Good("leads to the cache"),
            _ => paint.Error("leads where nothing of the operator says"),
        };
        var since = marks.TryGetValue(EntryMetadata.Since, out var time) ? $" since {time}" : "";
        var because = marks.TryGetValue(EntryMetadata.Because, out var why) ? $": {why}" : "";
        return new TreeNode(leads == written
            ? $"entry {SafeText.Of(entry.Metadata.Name)} {where}{SafeText.Of($"{since}{because}")}"
            : $"entry {SafeText.Of(entry.Metadata.Name)} "
                + $"{where}{(written is null ? "" : SafeText.Of($"; the operator wrote {written}{since}"))}");
    }

    private IEnumerable<TreeNode> Fallback()
    {
        if (_status.Fallback is { Level: not (null or "Cached") } fallback)
        {
            yield return new TreeNode(
                SafeText.Of(
                $"fallback to {fallback.Level} since {fallback.Since} by {fallback.OrderedBy}: {fallback.Reason}"));
        }
    }

    private IEnumerable<TreeNode> Incidents()
    {
        var known = view.Incidents?.Select(i => i.Metadata.Name).ToArray() ?? [];
        foreach (var incident in view.Incidents ?? [])
        {
            yield return Incident(
                incident.Metadata.Name,
                $"{incident.Status?.Level ?? incident.Spec.Level}, {incident.Spec.Trigger?.Kind ?? "-"}, began "
                    + $"{incident.Spec.Trigger?.Time ?? "-"}, "
                + $"{incident.Status?.Totals?.Identities ?? 0} identities saw {incident.Status?.Totals?.Objects ?? 0} "
                + "stored objects");
        }

        if (_status.Incident is { } named && !known.Contains(named))
        {
            yield return Incident(named, "open");
        }
    }

    private TreeNode Incident(string name, string what) => new(
        $"{paint.Error($"incident {SafeText.Of(name)}")}: {SafeText.Of(what)}",
        new TreeNode(paint.Faint($"cachepolicy incident show {SafeText.Of(name)} -n {Metadata.NamespaceProperty}")));

    private static bool IsSame(SortedDictionary<string, string> one, IDictionary<string, string>? other) =>
        one.Count == other?.Count && one.All(o => other.TryGetValue(o.Key, out var value) && value == o.Value);
}
