using CachePolicyOperator.Entities;
using CachePolicyOperator.TestStage.Watching;
using k8s;

namespace CachePolicyOperator.TestStage.Ways;

/// <summary>A site for somebody to get something unproven into, and who looks whether he did.</summary>
public sealed class WayScene(Site site, SiteWatch watch, Standing standing)
{
    private readonly List<Excuse> _leaks = [];

    public Site Site => site;

    public Stage Stage => site.Stage;

    public SiteWatch Watch => watch;

    public Standing Standing => standing;

    public bool HasOperator => standing != Standing.AgentsAlone;

    /// <summary>When somebody loaded a leak into varnishd, with the second that the tripwire may take.</summary>
    public IReadOnlyCollection<Excuse> Leaks => _leaks;

    /// <summary>
    /// Applies what must not get in. Where the webhook stands it is refused with the code; else it gets in, and true
    /// comes back.
    /// </summary>
    public async Task<bool> GetsInAsync(string what, string manifest, string code, CancellationToken cancellationToken)
    {
        watch.Note($"kubectl apply: {what}");
        return await GetsInAsync(() => site.TryApplyAsync(manifest, cancellationToken), code, cancellationToken);
    }

    /// <summary>The same with any command of kubectl.</summary>
    public async Task<bool> GetsInAsync(string code, CancellationToken cancellationToken, params string[] arguments)
    {
        watch.Note($"kubectl {string.Join(' ', arguments)}");
        return await GetsInAsync(async () =>
        {
            var result = await site.KubectlAsync(cancellationToken, arguments);
            return (result.ExitCode == 0, result.Text);
        }, code, cancellationToken);
    }

    /// <summary>Does what no webhook is asked about; it must succeed.</summary>
    public async Task KubectlAsync(CancellationToken cancellationToken, params string[] arguments)
    {
        watch.Note($"kubectl {string.Join(' ', arguments)}");
        await site.InsistAsync(cancellationToken, arguments);
    }

    /// <summary>Applies what may get in, such as what was there before.</summary>
    public Task ApplyAsync(string manifest, CancellationToken cancellationToken) =>
        site.ApplyAsync(manifest, cancellationToken);

    /// <summary>Waits until a condition of the policy says it; where no operator runs nobody would.</summary>
    public Task ToldAsync(string type, string status, string word, CancellationToken cancellationToken,
        string policy = Storefront.Policy) =>
        HasOperator
            ? site.UntilAsync($"{type}={status} with `{word}`", async token =>
                (await ConditionAsync(policy, type, token)) is { } told && told.Status == status
                && told.Message?.Contains(word, StringComparison.Ordinal) == true, cancellationToken)
            : Task.CompletedTask;

    /// <summary>The texts that varnishd of each pod serves with, by pod, without those that have none.</summary>
    public async Task<IReadOnlyDictionary<string, string>> TextsAsync(CancellationToken cancellationToken)
    {
        var texts = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var pod in await BackDoor.VarnishesAsync(Stage, site.Space, cancellationToken))
        {
            if (await BackDoor.ServingAsync(Stage, site.Space, pod, cancellationToken) is { } text)
            {
                texts[pod] = text;
            }
        }

        return texts.Count >= 2 ? texts : throw new StageException($"varnishd of {texts.Count} pods shows a text");
    }

    /// <summary>For a while, whatever is loaded into the pods that serve now stays what it is.</summary>
    public async Task UnchangedAsync(Func<CancellationToken, Task> act, CancellationToken cancellationToken)
    {
        var before = await TextsAsync(cancellationToken);
        await act(cancellationToken);
        await Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System, cancellationToken);
        var after = await TextsAsync(cancellationToken);
        if (before.Where(p => after.ContainsKey(p.Key) && after[p.Key] != p.Value).Select(p => p.Key)
            .FirstOrDefault() is { } pod)
        {
            throw new StageException($"{pod} serves with another text");
        }
    }

    /// <summary>Somebody's leak in varnishd itself, everywhere at once.</summary>
    public async Task UseAsync(string vcl, bool leaks, CancellationToken cancellationToken)
    {
        var name = leaks ? "faster" : "other";
        var pods = await BackDoor.LoadEverywhereAsync(Stage, site.Space, vcl, cancellationToken, name);
        watch.Note("varnishadm vcl.use");
        var at = watch.Now;
        await BackDoor.UseEverywhereAsync(pods, cancellationToken, name);
        if (leaks)
        {
            _leaks.Add(new Excuse(at, watch.Now + TimeSpan.FromSeconds(1)));
        }
    }

    public async Task<string> OriginAddressAsync(CancellationToken cancellationToken) =>
        (await site.KubectlAsync(cancellationToken, "get", "service", Storefront.Origin, "-o",
            "jsonpath={.spec.clusterIP}")).Text.Trim();

    private async Task<bool> GetsInAsync(
        Func<Task<(bool, string)>> attempt, string code, CancellationToken cancellationToken)
    {
        if (standing == Standing.All)
        {
            var (succeeded, output) = await attempt();
            return !succeeded && output.Contains(code, StringComparison.Ordinal)
                ? false
                : throw new StageException($"it was not refused with {code}: {output}");
        }

        // Again where the operator made it anew in between, or the API server had not noticed yet.
        await site.UntilAsync("it to get in without a webhook", async token =>
        {
            await Stage.InsistAsync(token, "delete", "validatingwebhookconfiguration", "--all", "--ignore-not-found");
            return (await attempt()).Item1;
        }, cancellationToken);
        return true;
    }

    private async Task<Condition?> ConditionAsync(string policy, string type, CancellationToken cancellationToken) =>
        (await Stage.Client.CustomObjects.GetNamespacedCustomObjectAsync<CachePolicy>(
            "cachepolicy.dev", "v1alpha1", site.Space, "cachepolicies", policy, cancellationToken))
        .Status?.Conditions?.FirstOrDefault(c => c.Type == type);
}
