using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using CachePolicyOperator.Core;
using CachePolicyOperator.Core.AgentProtocol;
using CachePolicyOperator.Core.Invalidations;
using CachePolicyOperator.Core.Model;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.Logging;

namespace CachePolicyOperator.Operator.Tests.Agents;

/// <summary>
/// An agent with varnishd left out: the protocol over real mutual TLS on an address of its own, with the state that the
/// protocol promises. It can trip by itself, hang, and refuse.
/// </summary>
internal sealed class FakeAgent : IAsyncDisposable
{
    private static int _lastAddress;

    private readonly Lock _gate = new();
    private readonly List<AgentEvent> _events = [];
    private readonly ConcurrentDictionary<Digest, RevisionPackage> _held = new();
    private readonly ConcurrentQueue<string> _acts = new();
    private readonly ConcurrentQueue<StoredPages> _invalidated = new();
    private WebApplication? _server;
    private X509Certificate2? _certificate;
    private string _trustPem = "";
    private AgentStatus _status;
    private long _asked;
    private TaskCompletionSource _told = new();

    public FakeAgent(string? instance = null)
    {
        // Linux answers on all of 127/8; a block by process id keeps two test runs apart.
        var number = Interlocked.Increment(ref _lastAddress);
        Ip = $"127.{100 + (Environment.ProcessId % 100)}.{Environment.ProcessId / 100 % 250}.{number % 250}";
        _status = new AgentStatus(
            instance ?? Guid.NewGuid().ToString("N")[..8], "7.1.1", true, CacheLevel.Bypassed, null, false, null, [],
                false, null, 0, 0);
    }

    public string Ip { get; }

    /// <summary>Where set, every call waits for it: a pod that hangs.</summary>
    public Task? Hang { get; set; }

    /// <summary>Where set, every revision is refused with it.</summary>
    public AgentError? RefuseRevisions { get; set; }

    /// <summary>Where set, every change of level is refused with it.</summary>
    public AgentError? RefuseLevels { get; set; }

    /// <summary>What a trial comes to as soon as it is ordered.</summary>
    public Func<TrialOrder, TrialProgress> Tries { get; set; } = Passed;

    /// <summary>Whether it is of before there were trials.</summary>
    public bool IsOld { get; set; }

    /// <summary>How often it was asked for its status.</summary>
    public long Asked => Interlocked.Read(ref _asked);

    public AgentStatus Status
    {
        get
        {
            lock (_gate)
            {
                return _status;
            }
        }
    }

    public IReadOnlyCollection<string> Acts => _acts;

    /// <summary>What was taken out, in order.</summary>
    public IReadOnlyCollection<StoredPages> Invalidated => _invalidated;

    public IReadOnlyDictionary<Digest, RevisionPackage> Held => _held;

    public GuardConfiguration? Guard { get; private set; }

    public async Task StartAsync(X509Certificate2 certificate, string trustPem)
    {
        (_certificate, _trustPem) = (certificate, trustPem);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(
            kestrel => kestrel.Listen(IPAddress.Parse(Ip), AgentApi.Port, listen => listen.UseHttps(https =>
        {
            https.ServerCertificate = certificate;
            https.ClientCertificateMode = ClientCertificateMode.RequireCertificate;
            https.ClientCertificateValidation = (client, _, _) => IsOperator(client, trustPem);
        })));
        _server = builder.Build();
        Map(_server);
        await _server.StartAsync();
    }

    private bool IsSigned(Func<string, ECDsa, bool> holds)
    {
        var authorities = new X509Certificate2Collection();
        authorities.ImportFromPem(_trustPem);
        var name = _certificate!.Extensions.OfType<X509SubjectAlternativeNameExtension>().Single().EnumerateDnsNames()
            .Single();
        return authorities.Any(a => a.GetECDsaPublicKey() is { } key && holds(name, key));
    }

    /// <summary>What a tripwire does: bypass first, tell second.</summary>
    public LeakDetected Leak(DateTimeOffset at, Digest? activeDigest = null)
    {
        lock (_gate)
        {
            var digest = activeDigest ?? _status.ServingDigest ?? Digest.Of("unknown");
            Tell(n => new LevelChanged(_status.Instance, n, at, CacheLevel.Bypassed, "hit/personal", true, 2.5));
            var leak =
                (LeakDetected)Tell(n => new LeakDetected(_status.Instance, n, at, "hit/personal", digest, new Exposure(
                "32770", at.AddHours(-1), Seen("h:anna", at.AddSeconds(-5)),
                    [Seen("h:bert", at), Seen("h:carl", at.AddMilliseconds(3))])));
            _status = _status with
            {
                Level = CacheLevel.Bypassed,
                ActiveDigest = Digest.Of("bypass"),
                ActiveProven = true,
                LastLeak = leak.Sequence,
                BypassedByItself = true,
            };
            return leak;
        }
    }

    /// <summary>Every pair showed nothing, for as long as anybody may ask.</summary>
    public static TrialProgress Passed(TrialOrder order) =>
        new(order.Id, order.Revision, 3_600, order.Pairs, order.Pairs, 0, 0, null);

    /// <summary>It has only begun.</summary>
    public static TrialProgress Begun(TrialOrder order) =>
        new(order.Id, order.Revision, 1, 3, 2, 0, 1, "GET /: status 503");

    /// <summary>What an agent does on a leak to a probe: bypass first, tell second.</summary>
    public void LeakToProbe()
    {
        lock (_gate)
        {
            var trial = _status.Trial! with { Leaked = 1, Note = "GET /mypage: personal, and answered from the cache" };
            _status = _status with { Trial = trial, Level = CacheLevel.Bypassed, ActiveDigest = Digest.Of("bypass") };
            Tell(n => new TrialLeaked(
                _status.Instance, n, TimeProvider.System.GetUtcNow(), trial.Id, trial.Revision, trial.Note!));
        }
    }

    /// <summary>The trial goes on as it is told.</summary>
    public void Advance(Func<TrialProgress, TrialProgress> progress)
    {
        lock (_gate)
        {
            _status = _status with { Trial = progress(_status.Trial!) };
        }
    }

    /// <summary>What the origin says of its personal answers, as the pod saw it.</summary>
    public void SeeContract(ContractSight contract)
    {
        lock (_gate)
        {
            _status = _status with { Contract = contract };
        }
    }

    /// <summary>Somebody used varnishadm.</summary>
    public void UseUnproven(Digest digest)
    {
        lock (_gate)
        {
            _status = _status with { ActiveDigest = digest, ActiveProven = false };
            Tell(n => new UnprovenVcl(_status.Instance, n, TimeProvider.System.GetUtcNow(), "by-hand", digest));
        }
    }

    public async ValueTask DisposeAsync()
    {
        lock (_gate)
        {
            _told.TrySetCanceled();
        }

        if (_server is not null)
        {
            using var now = new CancellationTokenSource(TimeSpan.FromMilliseconds(200), TimeProvider.System);
            await _server.StopAsync(now.Token);
            await _server.DisposeAsync();
        }
    }

    private static Sighting Seen(string identity, DateTimeOffset at) =>
        new(32771, at, identity, "pathPrefix /mypage", "GET", "h:t");

    private static bool IsOperator(X509Certificate2 client, string trustPem)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.ImportFromPem(trustPem);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.ApplicationPolicy.Add(new("1.3.6.1.5.5.7.3.2"));
        return chain.Build(client) && client.MatchesHostname(AgentApi.OperatorName, false, false);
    }

    private void Map(WebApplication app)
    {
        app.Use(async (http, next) =>
        {
            if (IsOld && http.Request.Path == "/v1/trial")
            {
                http.Response.StatusCode = StatusCodes.Status404NotFound;
                return;
            }

            if (Hang is { } hang)
            {
                await hang.WaitAsync(http.RequestAborted);
            }

            await next();
        });
        app.MapGet("/v1/status", () =>
        {
            Interlocked.Increment(ref _asked);
            return Results.Json(Status, AgentApi.Json);
        });
        app.MapPut("/v1/guard", (HttpContext http) => ActAsync<GuardConfiguration>(http, "guard", guard =>
        {
            if (!IsSigned((name, key) => OperatorSignature.Holds(guard, name, key)))
            {
                return new AgentError("guard/unsigned", "nobody signed it for this agent");
            }

            Guard = guard;
            _status = _status with { Watching = true, GuardDigest = guard.ComputeDigest() };
            return null;
        }));
        app.MapPut("/v1/revisions/{digest}", (HttpContext http) => ActAsync<RevisionPackage>(http, "load", package =>
        {
            if (RefuseRevisions is { } refusal)
            {
                return refusal;
            }

            if (!IsSigned((name, key) => OperatorSignature.Holds(package, name, key)))
            {
                return new AgentError("revision/unsigned", "nobody signed it for this agent");
            }

            _held[package.Proof.Digest] = package;
            _status = _status with
            {
                Loaded = _status.Loaded.Items.Append(package.Proof.Digest).Distinct()
                .ToEquatableList()
            };
            return null;
        }));
        app.MapPut("/v1/active", (HttpContext http) => ActAsync<Activation>(http, "activate", order =>
        {
            if (!_held.ContainsKey(order.Digest))
            {
                return new AgentError("revision/not-loaded", "no such revision");
            }

            _status = _status with
            {
                ServingDigest = order.Digest,
                ActiveDigest = _status.Level == CacheLevel.Cached ? order.Digest : Digest.Of("bypass"),
                ActiveProven = true,
            };
            return null;
        }));
        app.MapPut("/v1/level", (HttpContext http) => ActAsync<LevelOrder>(http, "level", order =>
        {
            if (RefuseLevels is { } refusal)
            {
                return refusal;
            }

            if (order.Level == CacheLevel.Cached && order.AcknowledgesEvent < _status.LastLeak)
            {
                return new AgentError("level/leak-unacknowledged", "the order is older than the last leak");
            }

            Tell(n =>
                new LevelChanged(_status.Instance, n, TimeProvider.System.GetUtcNow(), order.Level, order.Reason, false,
                null));
            _status = _status with
            {
                Level = order.Level,
                ActiveDigest = order.Level == CacheLevel.Cached ? _status.ServingDigest : Digest.Of("bypass"),
                ActiveProven = true,
                BypassedByItself = false,
            };
            return null;
        }));
        app.MapPut("/v1/trial", (HttpContext http) => ActAsync<TrialOrder>(http, "trial", order =>
        {
            _status = _status with { Trial = Tries(order) };
            return null;
        }));
        app.MapDelete("/v1/trial", () =>
        {
            lock (_gate)
            {
                _status = _status with { Trial = null };
                _acts.Enqueue("trial end");
            }

            return Results.NoContent();
        });
        app.MapPost("/v1/purge", (HttpContext http) => ActAsync<object>(http, "purge", null));
        app.MapPost("/v1/invalidations", (HttpContext http) => ActAsync<StoredPages>(http, "invalidate", pages =>
        {
            _invalidated.Enqueue(pages);
            return null;
        }));
        app.MapGet("/v1/events", StreamAsync);
    }

    private async Task ActAsync<T>(HttpContext http, string act, Func<T, AgentError?>? apply)
        where T : class
    {
        var order = apply is null ? null
            : await JsonSerializer.DeserializeAsync<T>(http.Request.Body, AgentApi.Json, http.RequestAborted);
        AgentError? refusal;
        lock (_gate)
        {
            // Who sees what an act changed finds it among the acts.
            refusal = apply?.Invoke(order!);
            _acts.Enqueue(refusal is null ? act : $"{act} refused");
        }

        http.Response.StatusCode = refusal is null ? StatusCodes.Status204NoContent : StatusCodes.Status409Conflict;
        if (refusal is not null)
        {
            await http.Response.WriteAsJsonAsync(refusal, AgentApi.Json, http.RequestAborted);
        }
    }

    private async Task StreamAsync(HttpContext http, long after)
    {
        await http.Response.Body.FlushAsync(http.RequestAborted);
        while (true)
        {
            AgentEvent[] news;
            Task more;
            lock (_gate)
            {
                news = _events.Where(e => e.Sequence > after).ToArray();
                more = _told.Task;
            }

            foreach (var told in news)
            {
                await http.Response.WriteAsync(JsonSerializer.Serialize(told, AgentApi.Json) + "\n",
                    http.RequestAborted);
                after = told.Sequence;
            }

            await http.Response.Body.FlushAsync(http.RequestAborted);
            await more.WaitAsync(http.RequestAborted);
        }
    }

    private AgentEvent Tell(Func<long, AgentEvent> told)
    {
        var next = told(_status.LastEvent + 1);
        _events.Add(next);
        _status = _status with { LastEvent = next.Sequence };
        var waiting = _told;
        _told = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        waiting.TrySetResult();
        return next;
    }
}
