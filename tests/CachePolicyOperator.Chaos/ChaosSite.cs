using System.Globalization;
using CachePolicyOperator.TestStage;
using CachePolicyOperator.TestStage.Situations;
using CachePolicyOperator.TestStage.Watching;
using k8s;
using k8s.Models;

namespace CachePolicyOperator.Chaos;

/// <summary>
/// A site to which anything may be done at any time; what is not there to be done something to is let be.
/// </summary>
internal sealed class ChaosSite(Scene scene, bool cacheOfTheirOwn)
{
    /// <summary>How long clients may have to wait for what was seen only when somebody was there again.</summary>
    private static readonly TimeSpan Catching = TimeSpan.FromSeconds(2);

    /// <summary>
    /// How long Kubernetes' own controllers may take to ask again for an API server that was away: their pauses grow,
    /// too.
    /// </summary>
    private static readonly TimeSpan Reconnecting = TimeSpan.FromSeconds(10);

    private readonly List<Excuse> _unattended = [];
    private readonly List<Excuse> _disconnected = [];

    public Scene Scene => scene;

    public Stage Stage => scene.Stage;

    public string Space => scene.Site.Space;

    /// <summary>The Deployment of the cache pods.</summary>
    public string Cache => cacheOfTheirOwn ? Storefront.OwnCache : "storefront-cache";

    /// <summary>When neither operator nor API server were there to lead clients elsewhere.</summary>
    public IReadOnlyCollection<Excuse> Unattended => _unattended;

    /// <summary>When Kubernetes itself did not do yet what its API server said.</summary>
    public IReadOnlyCollection<Excuse> Disconnected => _disconnected;

    /// <summary>Runs kubectl, whatever it says.</summary>
    public async Task TryAsync(CancellationToken cancellationToken, params string[] arguments)
    {
        scene.Watch.Note($"kubectl {string.Join(' ', arguments)}");
        var result = await scene.Site.KubectlAsync(cancellationToken, ["--request-timeout=20s", .. arguments]);
        if (result.ExitCode != 0)
        {
            scene.Watch.Note(
                $"  {result.Text.ReplaceLineEndings(" ")[..Math.Min(200, result.Text.ReplaceLineEndings(" ").Length)]}");
        }
    }

    /// <summary>The chart again, as an upgrade does it.</summary>
    public async Task TryChartAsync(CancellationToken cancellationToken)
    {
        scene.Watch.Note("helm upgrade");
        try
        {
            await Stage.ApplyChartAsync(cancellationToken);
        }
        catch (StageException failed)
        {
            scene.Watch.Note($"  {failed.Message}");
        }
    }

    public async Task TryApplyAsync(string what, string manifest, CancellationToken cancellationToken)
    {
        scene.Watch.Note($"kubectl apply: {what}");
        var (succeeded, output) = await scene.Site.TryApplyAsync(manifest, cancellationToken);
        if (!succeeded)
        {
            scene.Watch.Note(
                $"  {output.ReplaceLineEndings(" ")[..Math.Min(200, output.ReplaceLineEndings(" ").Length)]}");
        }
    }

    /// <summary>
    /// The policy for the cache of this site, with one of several rules; most of them are tried first.
    /// </summary>
    public string Policy(int which)
    {
        var ttl = $"{(which % 5) + 1}m";
        var canary = which % 5 == 0 ? "{pods: 0}" : "{probes: 100, probesPerSecond: 100, window: 1s}";
        return cacheOfTheirOwn
            ? Storefront.GoodPolicy(ttl, $"workload: {{kind: Deployment, name: {Storefront.OwnCache}}}", canary: canary)
            : Storefront.GoodPolicy(ttl, canary: canary);
    }

    /// <summary>Everything that the team of this site would apply from its repository.</summary>
    public async Task ApplyAllAsync(int which, CancellationToken cancellationToken)
    {
        await TryApplyAsync("the shop", Storefront.Shop, cancellationToken);
        if (cacheOfTheirOwn)
        {
            await TryApplyAsync("the cache", Storefront.CacheOfTheirOwn(), cancellationToken);
        }

        await TryApplyAsync("the policy", Policy(which), cancellationToken);
    }

    /// <summary>The n-th pod of a kind; null where there is none.</summary>
    public async Task<string?> PodAsync(string selector, int which, CancellationToken cancellationToken)
    {
        var pods = (
            await Stage.Client.CoreV1.ListNamespacedPodAsync(Space, labelSelector: selector,
            cancellationToken: cancellationToken)).Items
            .Where(p => p.Metadata.DeletionTimestamp is null)
            .Select(p => p.Name())
            .Order(StringComparer.Ordinal)
            .ToArray();
        return pods.Length == 0 ? null : pods[which % pods.Length];
    }

    public async Task<string?> CachePodAsync(int which, CancellationToken cancellationToken)
    {
        var pods = await BackDoor.VarnishesAsync(Stage, Space, cancellationToken);
        return pods.Count == 0 ? null : pods[which % pods.Count];
    }

    public async Task<string?> ProvenAsync(CancellationToken cancellationToken)
    {
        var found = await scene.Site.KubectlAsync(
            cancellationToken, "get", "cachepolicy", Storefront.Policy, "--ignore-not-found", "-o",
                "jsonpath={.status.revision.proven}");
        return found.ExitCode == 0 && found.Text.Trim() is { Length: > 0 } digest ? digest : null;
    }

    /// <summary>Does something while no operator attends to the site, which is then held against nobody.</summary>
    public async Task WithoutOperatorAsync(Func<Task> act)
    {
        var from = scene.Watch.Now;
        await act();
        _unattended.Add(new Excuse(from, scene.Watch.Now + Catching));
    }

    /// <summary>The same while there is no API server.</summary>
    public async Task WithoutApiServerAsync(Func<Task> act)
    {
        var from = scene.Watch.Now;
        await act();
        _unattended.Add(new Excuse(from, scene.Watch.Now + Reconnecting));
        _disconnected.Add(new Excuse(from, scene.Watch.Now + Reconnecting));
    }

    public static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);
}
