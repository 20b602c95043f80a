using System.Net;
using CachePolicyOperator.Runtime.Abstractions;
using CachePolicyOperator.Runtime.Client;
using CachePolicyOperator.Runtime.Metrics;
using CachePolicyOperator.Runtime.Options;
using CachePolicyOperator.Runtime.Queues;
using k8s;
using k8s.Models;
using Microsoft.Extensions.Logging;

namespace CachePolicyOperator.Runtime.Informers;

/// <summary>
/// Keeps a store equal to the cluster by listing once and watching from there, and says what changed.
/// </summary>
public sealed class Informer<TEntity> : IInformer
    where TEntity : class, IKubernetesObject<V1ObjectMeta>
{
    private const int FruitlessWatches = 5;

    private static readonly TimeSpan BetweenAbsences = TimeSpan.FromSeconds(30);

    private readonly ResourceClient<TEntity> _client;
    private readonly EntityStore<TEntity> _store;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly BackoffOptions _backoff;
    private readonly BackoffOptions _backoffWhileAway;
    private readonly TimeSpan _settled;
    private readonly TimeSpan _relistAfter;
    private readonly bool _isOptional;
    private readonly Lock _gate = new();
    private Action<EntityChange<TEntity>>? _subscribers;

    /// <summary>From where the watch goes on; null when only a list can tell.</summary>
    private string? _resourceVersion;

    /// <summary>True when the place in history moved since the last pause.</summary>
    private bool _progressed;

    private int _failures;

    /// <summary>How many watches in a row brought nothing since the last list.</summary>
    private int _fruitless;

    private long _lastContact;
    private long _lastList;

    public Informer(
        ResourceClient<TEntity> client, InformerOptions<TEntity> scope, RuntimeOptions options, TimeProvider time,
        ILogger<Informer<TEntity>> logger)
    {
        ArgumentNullException.ThrowIfNull(scope);
        ArgumentNullException.ThrowIfNull(options);
        _client = client;
        _store = new(scope.Index);
        _isOptional = scope.IsOptional;
        _time = time;
        _logger = logger;
        _backoff = options.WatchBackoff;
        _backoffWhileAway = options.WatchBackoffWhileAway;
        _settled = options.WatchTimeout / 10;
        _relistAfter = options.RelistAfter;
        _lastContact = time.GetTimestamp();
    }

    public string Name => _client.Type.Plural;

    public Task Synced => _store.Synced;

    public IEntityStore<TEntity> Store => _store;

    public TimeSpan SinceLastContact => _time.GetElapsedTime(Interlocked.Read(ref _lastContact));

    internal EntityStore<TEntity> Entries => _store;

    /// <summary>
    /// Calls back for every change, in order, on the informer's own thread: be quick, do not throw.
    /// The store already shows the change (or a later one). What was there before is not replayed.
    /// </summary>
    public IDisposable Subscribe(Action<EntityChange<TEntity>> subscriber)
    {
        lock (_gate)
            _subscribers += subscriber;
        return new Subscription(() =>
        {
            lock (_gate)
                _subscribers -= subscriber;
        });
    }

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            var isAway = false;
            try
            {
                if (_resourceVersion is null)
                    await ListAsync(cancellationToken);
                await WatchAsync(_resourceVersion, cancellationToken);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }
            catch (ApiException error) when (_isOptional && error.StatusCode == HttpStatusCode.NotFound)
            {
                Heard();
                foreach (var change in _store.Replace([]))
                    Publish(change);
                _resourceVersion = null;
                await Task.Delay(BetweenAbsences, _time, cancellationToken)
                    .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                continue;
            }
            catch (WatchExpiredException expired)
            {
                _resourceVersion = null;
                _logger.WatchExpired(Name, expired.Message);
            }
            catch (Exception error)
            {
                // Whatever it was, an informer that stops makes the operator blind: resume from the last version.
                _logger.WatchFailed(Name, _failures + 1, error.Message);
                isAway = error is HttpRequestException { StatusCode: null };
            }

            await PauseAsync(isAway, cancellationToken);
        }
    }

    /// <summary>
    /// Goes on at once after an ending that came with progress, the normal life of a watch; else waits longer each
    /// time.
    /// </summary>
    private async Task PauseAsync(bool isAway, CancellationToken cancellationToken)
    {
        _failures = _progressed ? 0 : _failures + 1;
        _progressed = false;
        _fruitless = _failures == 0 ? 0 : _fruitless + 1;
        // Perhaps it is this version that the server chokes on.
        if (_fruitless >= FruitlessWatches)
            _resourceVersion = null;
        if (_failures == 0)
            return;
        var jitter = 0.8 + (0.4 * Random.Shared.NextDouble());
        // Who knocks where nobody is disturbs nobody, and everything waits for the server that comes back.
        var pause = (isAway ? _backoffWhileAway : _backoff).After(_failures);
        await Task.Delay(pause * jitter, _time, cancellationToken)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task ListAsync(CancellationToken cancellationToken)
    {
        var list = await _client.ListAsync(cancellationToken);
        Heard();
        foreach (var unreadable in list.Items.Select(item => item.Unreadable).OfType<UnreadableObject>())
            Tell(unreadable);
        var changes = _store.Replace(list.Items);
        _resourceVersion = list.ResourceVersion;
        _lastList = _time.GetTimestamp();
        _fruitless = 0;
        RuntimeMeter.Listed(Name);
        _logger.Listed(Name, list.Items.Count, changes.Count, list.ResourceVersion);
        foreach (var change in changes)
            Publish(change);
    }

    private async Task WatchAsync(string? version, CancellationToken cancellationToken)
    {
        var began = _time.GetTimestamp();
        await foreach (var change in _client.WatchAsync(version ?? "", cancellationToken))
        {
            Heard();
            Apply(change);
            // Every event and every bookmark moves the place from which to resume.
            if (change.ResourceVersion.Length > 0 && change.ResourceVersion != _resourceVersion)
            {
                _resourceVersion = change.ResourceVersion;
                _progressed = true;
            }
        }

        Heard();
        _logger.WatchEnded(Name, _resourceVersion);
        // A server that ends watches at once, without an event, must not be asked in a tight loop.
        if (_time.GetElapsedTime(began) >= _settled)
            _progressed = true;
        if (_time.GetElapsedTime(_lastList) >= _relistAfter)
            _resourceVersion = null;
    }

    private void Apply(WatchEvent<TEntity> change)
    {
        if (change.Object is not { Key.Name.Length: > 0 } read)
            return;
        if (read.Unreadable is { } unreadable && change.Kind == WatchEventKind.Upsert)
            Tell(unreadable);
        var difference = change.Kind == WatchEventKind.Deletion
            ? _store.Remove(read.Key, read.Entity)
            : _store.Upsert(read);
        if (difference is not null)
            Publish(difference);
    }

    private void Tell(UnreadableObject unreadable)
    {
        RuntimeMeter.Unreadable(Name);
        _logger.Unreadable(Name, unreadable.Key, unreadable.Error);
    }

    private void Publish(EntityChange<TEntity> change)
    {
        Action<EntityChange<TEntity>>? subscribers;
        lock (_gate)
            subscribers = _subscribers;
        subscribers?.Invoke(change);
    }

    private void Heard() => Interlocked.Exchange(ref _lastContact, _time.GetTimestamp());

    private sealed class Subscription(Action end) : IDisposable
    {
        public void Dispose() => end();
    }
}
