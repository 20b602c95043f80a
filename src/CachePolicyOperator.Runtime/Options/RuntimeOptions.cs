using System.Net;
using CachePolicyOperator.Runtime.Queues;

namespace CachePolicyOperator.Runtime.Options;

/// <summary>What a process says once about itself. Times have good defaults; tests shorten them.</summary>
public sealed record RuntimeOptions
{
    /// <summary>The operator's name: field manager of its writes, reporter of its events, user agent.</summary>
    public required string Name { get; init; }

    /// <summary>This process among its replicas; in a cluster the Pod's name.</summary>
    public string Identity { get; init; } = $"{Environment.MachineName}-{Guid.NewGuid():N}";

    /// <summary>Follow only this namespace; null follows all.</summary>
    public string? Namespace { get; init; }

    /// <summary>How long the server may keep one watch open.</summary>
    public TimeSpan WatchTimeout { get; init; } = TimeSpan.FromMinutes(4);

    /// <summary>
    /// How long past <see cref="WatchTimeout"/> a silent watch is waited for before it is taken for dead.
    /// </summary>
    public TimeSpan WatchGrace { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// How old a list may become before a watch that ended is not resumed but listed anew: heals what no error reports,
    /// such as a server whose storage was restored from a backup.
    /// </summary>
    public TimeSpan RelistAfter { get; init; } = TimeSpan.FromHours(1);

    /// <summary>How long any other request may take.</summary>
    public TimeSpan RequestTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How many objects a page of a list holds.</summary>
    public int PageSize { get; init; } = 500;

    /// <summary>
    /// Pause after a list or watch that the server refused or ended at once; doubles up to the maximum.
    /// </summary>
    public BackoffOptions WatchBackoff { get; init; } = new(TimeSpan.FromMilliseconds(500), TimeSpan.FromSeconds(30));

    /// <summary>Pause after one that found no server to answer.</summary>
    public BackoffOptions WatchBackoffWhileAway { get; init; } = new(
        TimeSpan.FromMilliseconds(200), TimeSpan.FromSeconds(1));

    /// <summary>
    /// Pause after a failed reconciliation of one entity; doubles up to the maximum and never gives up.
    /// </summary>
    public BackoffOptions RetryBackoff { get; init; } = new(TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(5));

    /// <summary>Null: this process always leads.</summary>
    public LeaderElectionOptions? LeaderElection { get; init; }

    /// <summary>Where the API server calls the webhooks, over TLS; 0 picks a free port, null opens none.</summary>
    public int? WebhookPort { get; init; } = 9443;

    /// <summary>Where probes are answered, without TLS; 0 picks a free port, null opens none.</summary>
    public int? HealthPort { get; init; } = 8080;

    /// <summary>Where the metrics are scraped, without TLS; port 0 picks a free one, null opens none.</summary>
    public IPEndPoint? Metrics { get; init; }

    /// <summary>The address that webhooks and probes listen on.</summary>
    public IPAddress ListenAddress { get; init; } = IPAddress.Any;

    /// <summary>
    /// How long a webhook may think; must be less than the <c>timeoutSeconds</c> of its configuration.
    /// </summary>
    public TimeSpan WebhookBudget { get; init; } = TimeSpan.FromSeconds(8);

    /// <summary>
    /// How many bytes of requests to webhooks are held at one time; what comes beyond is refused unread, with a
    /// sentence.
    /// </summary>
    public long WebhookBodies { get; init; } = 24 * 1024 * 1024;
}
