using CachePolicyOperator.Entities;
using CachePolicyOperator.TestCluster;
using k8s;

namespace CachePolicyOperator.TestStage;

/// <summary>A namespace of its own with a shop, and the policy that caches it.</summary>
public sealed class Site(Stage stage, string space)
{
    private const int MostTries = 20;

    public Stage Stage => stage;

    public string Space => space;

    private IKubernetes Client => stage.Client;

    /// <summary>The namespace with the shop, which is ready when this returns.</summary>
    public static async Task<Site> OpenAsync(Stage stage, string space, CancellationToken cancellationToken)
    {
        await stage.InsistAsync(cancellationToken, "create", "namespace", space);
        var site = new Site(stage, space);
        await site.ApplyAsync(Storefront.Shop, cancellationToken);
        await stage.UntilAsync("the shop to be ready", async token =>
            (await stage.Client.AppsV1.ReadNamespacedDeploymentAsync(Storefront.Origin, space,
                cancellationToken: token)).Status.ReadyReplicas == 1,
            cancellationToken);
        return site;
    }

    /// <summary>
    /// Applies a manifest that must pass; again where the machine was too slow for the API server's patience.
    /// </summary>
    public async Task ApplyAsync(string manifest, CancellationToken cancellationToken)
    {
        for (var tries = 1; ; tries++)
        {
            var (succeeded, output) = await TryApplyAsync(manifest, cancellationToken);
            if (succeeded)
            {
                return;
            }

            if (tries == MostTries || !IsTooSlow(output))
            {
                throw new StageException(output);
            }

            await Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System, cancellationToken);
        }
    }

    public Task<(bool Succeeded, string Output)> TryApplyAsync(string manifest, CancellationToken cancellationToken) =>
        stage.ApplyAsync(space, manifest, cancellationToken);

    /// <summary>What a person types.</summary>
    public Task<ProcessResult> KubectlAsync(CancellationToken cancellationToken, params string[] arguments) =>
        stage.KubectlAsync(cancellationToken, ["-n", space, .. arguments]);

    /// <summary>The same; what it refuses ends the play.</summary>
    public Task InsistAsync(CancellationToken cancellationToken, params string[] arguments) =>
        stage.InsistAsync(cancellationToken, ["-n", space, .. arguments]);

    /// <summary>The tool of the project, as a person would run it.</summary>
    public Task<ProcessResult> CliAsync(CancellationToken cancellationToken, params string[] arguments) =>
        ChildProcess.RunAsync(
        new ChildProcessOptions(Programs.Cli, [.. arguments, "--kubeconfig", stage.Kubeconfig, "-n", space]),
            cancellationToken);

    public async Task<CachePolicy> PolicyAsync(CancellationToken cancellationToken) =>
        await Client.CustomObjects.GetNamespacedCustomObjectAsync<CachePolicy>(
            "cachepolicy.dev", "v1alpha1", space, "cachepolicies", Storefront.Policy, cancellationToken);

    public async Task<IReadOnlyList<CacheIncident>> IncidentsAsync(CancellationToken cancellationToken) =>
        [.. (await Client.CustomObjects.ListNamespacedCustomObjectAsync<CacheIncidentList>(
            "cachepolicy.dev", "v1alpha1", space, "cacheincidents", cancellationToken: cancellationToken)).Items];

    /// <summary>Waits until every cache pod serves with what is proven, and so many are behind the entry.</summary>
    public Task UntilProgrammedAsync(int pods, CancellationToken cancellationToken) =>
        UntilAsync("the policy to be programmed", async token =>
        {
            var policy = await PolicyAsync(token);
            var entry = await Client.CoreV1.ReadNamespacedEndpointsAsync(Storefront.EntryService, space,
                cancellationToken: token);
            return policy.Status?.Level == "Cached"
                && policy.Status.Conditions?.Any(
                    c => c is { Type: PolicyConditions.Programmed, Status: "True" }) == true
                && entry.Subsets?.Sum(s => s.Addresses?.Count ?? 0) == pods;
        }, cancellationToken);

    /// <summary>Waits until the status says the level, as wanted and as seen.</summary>
    public Task UntilLevelAsync(string level, CancellationToken cancellationToken) =>
        UntilAsync($"the level {level}", async token =>
            (await PolicyAsync(token)).Status is { } status && status.Level == level && status.LevelWanted == level,
                cancellationToken);

    public Task UntilAsync(string what, Func<CancellationToken, Task<bool>> ask, CancellationToken cancellationToken) =>
        stage.UntilAsync(what, async token =>
            await ask(token) ? true
                : throw new InvalidOperationException(
                (await KubectlAsync(token, "get", "cachepolicy,cacheincident,service,pod", "-o", "wide")).Text),
            cancellationToken);

    /// <summary>
    /// Kills a container of a cache pod as the kernel would for memory; false where none of that name runs.
    /// </summary>
    public async Task<bool> KillAsync(string container, int pod, CancellationToken cancellationToken)
    {
        var pods = await BackDoor.VarnishesAsync(stage, space, cancellationToken);
        if (pods.Count == 0 || stage.Kubelet.Process(space, pods[pod % pods.Count], container) is not { } process)
        {
            return false;
        }

        process.Signal(9);
        return true;
    }

    /// <summary>The same for every pod that the kubelet runs, while nobody can be asked which those are.</summary>
    public void KillAll(string container)
    {
        foreach (var process in stage.Kubelet.Processes(space, container))
        {
            process.Signal(9);
        }
    }

    private static bool IsTooSlow(string output) =>
        output.Contains("try again", StringComparison.Ordinal)
            || output.Contains("failed calling webhook", StringComparison.Ordinal);
}
