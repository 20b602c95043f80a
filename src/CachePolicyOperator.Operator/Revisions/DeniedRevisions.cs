using System.Text.Json;
using CachePolicyOperator.Core;
using CachePolicyOperator.Operator.Certificates;
using CachePolicyOperator.Operator.Objects;
using CachePolicyOperator.Runtime.Abstractions;
using CachePolicyOperator.Runtime.Client;
using k8s.Models;

namespace CachePolicyOperator.Operator.Revisions;

/// <summary>A revision that was in service when a cache leaked, and the incident that tells of it.</summary>
internal sealed record DeniedRevision(string Namespace, Digest Digest, string Incident, DateTimeOffset Since)
{
    /// <summary>In place of an incident: a probe of its trial met the leak, and nobody's page was shown.</summary>
    public const string ByTrial = "-";
}

/// <summary>
/// Revisions that leaked. Kept in the operator's own namespace, sealed, so that they outlive policy and incident, and
/// nobody of a team can take one out; bounded in number and time. Every replica reads them; only the leader adds to
/// them.
/// </summary>
internal sealed class DeniedRevisions(
    ResourceClient<V1ConfigMap> client,
    ResourceWriter writer,
    Seal seal,
    IOperatorSecrets secrets,
    CertificateOptions options,
    TimeProvider time,
    ILogger<DeniedRevisions> logger) : BackgroundService
{
    public const string MapName = "cachepolicy-denied-revisions";

    private const string Key = "denied.json";
    private const int MostOfOne = 50;
    private const int Most = 2_000;

    private static readonly TimeSpan Longest = TimeSpan.FromDays(180);
    private static readonly TimeSpan Impatient = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan Patient = TimeSpan.FromMinutes(1);

    private readonly TaskCompletionSource _loaded = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private DeniedRevision[] _denied = [];

    /// <summary>Completes when they were read for the first time.</summary>
    public Task Loaded => _loaded.Task;

    /// <summary>Null where the revision never leaked in the namespace, or so long ago that it is forgotten.</summary>
    public DeniedRevision? Find(string inNamespace, Digest digest) =>
        Of(inNamespace).FirstOrDefault(d => d.Digest == digest);

    /// <summary>Equal where the same of the namespace are denied.</summary>
    public string VersionOf(string inNamespace) =>
        string.Join(',', Of(inNamespace).Select(d => d.Digest.Abbreviated));

    /// <summary>Adds what is not denied yet.</summary>
    public async Task DenyAsync(
        string inNamespace, EquatableList<Digest> digests, string incident, CancellationToken cancellationToken)
    {
        if (digests.Items.All(d => Find(inNamespace, d) is not null))
        {
            return;
        }

        var map = await client.GetAsync(MapKey, cancellationToken);
        var (now, known) = (time.GetUtcNow(), Read(map));
        if (digests.Items.All(d => known.Any(k => k.Digest == d && k.Namespace == inNamespace && IsDenied(k, now))))
        {
            // Another leader, or an earlier life, denied them.
            Volatile.Write(ref _denied, known);
            return;
        }

        var denied = known
            .Where(d => IsDenied(d, now))
            .Concat(digests.Items.Select(d => new DeniedRevision(inNamespace, d, incident, now)))
            .DistinctBy(d => (d.Namespace, d.Digest))
            .OrderByDescending(d => d.Since)
            .GroupBy(d => d.Namespace)
            .SelectMany(g => g.Take(MostOfOne))
            .OrderByDescending(d => d.Since)
            .Take(Most)
            .ToArray();
        await WriteAsync(map, denied, cancellationToken);
        Volatile.Write(ref _denied, denied);
    }

    /// <summary>Seals what is denied with the key that there is now.</summary>
    public async Task SealAnewAsync(CancellationToken cancellationToken)
    {
        if (await client.GetAsync(MapKey, cancellationToken) is { } map && !seal.Holds(map, options.Namespace, [Key]))
        {
            await WriteAsync(map, Read(map), cancellationToken);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await secrets.Loaded.WaitAsync(stoppingToken);
                Volatile.Write(ref _denied, Read(await client.GetAsync(MapKey, stoppingToken)));
                _loaded.TrySetResult();
            }
            catch (Exception error) when (!stoppingToken.IsCancellationRequested)
            {
                logger.DeniedUnreadable(MapKey.ToString(), error.Message);
            }
            catch (OperationCanceledException)
            {
                return;
            }

            await Task.Delay(_loaded.Task.IsCompleted ? Patient : Impatient, time, stoppingToken)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private IEnumerable<DeniedRevision> Of(string inNamespace) =>
        Volatile.Read(ref _denied).Where(d => d.Namespace == inNamespace && IsDenied(d, time.GetUtcNow()));

    private static bool IsDenied(DeniedRevision denied, DateTimeOffset now) => now - denied.Since < Longest;

    private NamespacedName MapKey => new(options.Namespace, MapName);

    /// <summary>What the map says; where somebody changed it, what this process knows.</summary>
    private DeniedRevision[] Read(V1ConfigMap? map)
    {
        if (map is null)
        {
            return [];
        }

        if (!seal.Holds(map, options.Namespace, [Key]) && !(seal.IsNew && map.Data?.ContainsKey(Key) == true))
        {
            logger.DeniedUnreadable(MapKey.ToString(), "somebody else changed it");
            return Volatile.Read(ref _denied);
        }

        return JsonSerializer.Deserialize<DeniedRevision[]>(map.Data[Key], RecordJson.Options) ?? [];
    }

    private Task<V1ConfigMap> WriteAsync(V1ConfigMap? old, DeniedRevision[] denied, CancellationToken cancellationToken)
    {
        var data = new Dictionary<string, string> { [Key] = JsonSerializer.Serialize(denied, RecordJson.Options) };
        var annotations =
            new Dictionary<string, string> { [Seal.Annotation] = seal.Of(options.Namespace, MapName, data) };
        return old is null
            ? writer.CreateAsync(
                new V1ConfigMap
                {
                    Metadata = new V1ObjectMeta
                    {
                        Name = MapName,
                        NamespaceProperty = options.Namespace,
                        Labels = new Dictionary<string, string> { [Owners.ManagedBy] = Owners.Operator },
                        Annotations = annotations,
                    },
                    Data = data,
                },
                cancellationToken)
            // Onto the version that was read, or not at all: of two leaders that overlap, neither forgets what the
            // other denied.
            : writer.MergePatchAsync<V1ConfigMap>(
                MapKey, new { metadata = new { resourceVersion = old.Metadata.ResourceVersion, annotations }, data },
                    cancellationToken);
    }
}
