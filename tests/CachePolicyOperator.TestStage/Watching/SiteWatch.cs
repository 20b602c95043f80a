using System.Collections.Concurrent;
using System.Text.Json;
using CachePolicyOperator.Entities;
using CachePolicyOperator.TestCluster;
using CachePolicyOperator.TestStage.Traffic;
using k8s;
using k8s.Autorest;

namespace CachePolicyOperator.TestStage.Watching;

/// <summary>
/// Watches a site while things are done to it: what clients get, what the status says, how the origin is.
/// </summary>
public sealed class SiteWatch : IAsyncDisposable
{
    /// <summary>What is said instead of conditions where there is no policy.</summary>
    public const string NoPolicy = "no policy";

    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(100);

    private static readonly TimeSpan Usual = TimeSpan.FromMilliseconds(30);

    private readonly Site _site;
    private readonly IngressProxy _door;
    private readonly long _start = TimeProvider.System.GetTimestamp();
    private readonly ConcurrentQueue<Look> _looks = new();
    private readonly ConcurrentQueue<(TimeSpan At, string Act)> _acts = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(1) };
    private IReadOnlyList<string> _originPods = [];
    private SteadyClient? _client;
    private Task _work = Task.CompletedTask;

    private SiteWatch(Site site, IngressProxy door) => (_site, _door) = (site, door);

    /// <summary>What was done, and when.</summary>
    public IReadOnlyCollection<(TimeSpan At, string Act)> Acts => _acts;

    public TimeSpan Now => TimeProvider.System.GetElapsedTime(_start);

    /// <summary>Opens a door to an entry of the site and begins to ask and to look.</summary>
    public static async Task<SiteWatch> StartAsync(
        Site site, CancellationToken cancellationToken, string entry = Storefront.EntryService)
    {
        var watch = new SiteWatch(site, await IngressProxy.StartAsync(
            site.Stage.Client, site.Space, entry, cancellationToken: cancellationToken));
        try
        {
            await watch._door.WaitForEndpointsAsync(e => e.Count > 0, cancellationToken);
            watch._client = await SteadyClient.StartAsync(watch._door.Address, () => watch.Now, cancellationToken);
            watch._work = watch.LookForEverAsync();
            return watch;
        }
        catch
        {
            await watch.DisposeAsync();
            throw;
        }
    }

    /// <summary>Writes down that something is done now.</summary>
    public void Note(string act) => _acts.Enqueue((Now, act));

    /// <summary>Everything that was seen so far.</summary>
    public Recording Record() => new([.. _client!.Answers], [.. _looks], [.. _acts]);

    /// <summary>Waits until clients get what is hoped for, so many times in a row and of every page.</summary>
    public Task UntilAsync(string what, Func<Answer, bool> hoped, CancellationToken cancellationToken)
    {
        var since = Now;
        return _site.UntilAsync($"clients to see: {what}", _ => Task.FromResult(Enum.GetValues<Page>().All(page =>
            _client!.Answers.Where(a => a.Page == page && a.Asked > since).TakeLast(3).ToArray() is { Length: 3 } last
                && last.All(hoped))), cancellationToken);
    }

    /// <summary>Waits until everything comes that was asked for, and assets from the cache.</summary>
    public Task UntilCachedAsync(CancellationToken cancellationToken) =>
        UntilAsync("hits", a => a.Succeeded && (a.Page != Page.Asset || a.Hit), cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _work;
        if (_client is not null)
        {
            await _client.DisposeAsync();
        }

        await _door.DisposeAsync();
        _http.Dispose();
        _stop.Dispose();
    }

    private async Task LookForEverAsync()
    {
        var due = Now;
        while (!_stop.IsCancellationRequested)
        {
            var begun = Now;
            var well = IsOriginWellAsync();
            var (level, wanted, proven, conditions) = await StatusAsync();
            // What took longer than it takes on a machine that has time.
            var slow = Now - begun - Usual;
            _looks.Enqueue(
                new Look(Now, level, wanted, proven, conditions, await well,
                begun - due + (slow > TimeSpan.Zero ? slow : TimeSpan.Zero)));
            due = Now + Period;
            await Task.Delay(Period, TimeProvider.System, _stop.Token)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task<(string? Level, string? Wanted, string? Proven, string Conditions)> StatusAsync()
    {
        try
        {
            using var hurry = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
            hurry.CancelAfter(TimeSpan.FromSeconds(1));
            var operatorWorks = _site.Stage.IsOperatorReadyAsync(hurry.Token);
            var pods = await _site.Stage.Client.CoreV1.ListNamespacedPodAsync(
                _site.Space, labelSelector: "app=storefront", cancellationToken: hurry.Token);
            _originPods = [.. pods.Items.Where(p => p.Metadata.DeletionTimestamp is null).Select(p => p.Status?.PodIP)
                .OfType<string>()];
            var policy = await _site.PolicyAsync(hurry.Token);
            return await operatorWorks
                ? (policy.Status?.Level, policy.Status?.LevelWanted, policy.Status?.Revision?.Proven,
                    Describe(policy.Status))
                : (null, null, null, "no operator");
        }
        catch (HttpOperationException e) when (e.Response.StatusCode == System.Net.HttpStatusCode.NotFound)
        {
            return (null, null, null, NoPolicy);
        }
        catch (Exception e) when (e is HttpRequestException or IOException or JsonException or OperationCanceledException or HttpOperationException)
        {
            return (null, null, null, "no answer from the API server");
        }
    }

    private static string Describe(CachePolicyStatus? status) =>
        string.Join(' ',
            (status?.Conditions ?? []).Where(c => c.Status != "True" || c.Type == PolicyConditions.Incident)
            .Select(c => $"{c.Type}={c.Status}({c.Reason})"));

    private async Task<bool> IsOriginWellAsync()
    {
        var answers = await Task.WhenAll(_originPods.Select(async ip =>
        {
            try
            {
                using var answer = await _http.GetAsync(new Uri($"http://{ip}:8080/healthz"), _stop.Token);
                return answer.IsSuccessStatusCode;
            }
            catch (Exception e) when (e is HttpRequestException or OperationCanceledException)
            {
                return false;
            }
        }));
        return answers.Contains(true);
    }
}
