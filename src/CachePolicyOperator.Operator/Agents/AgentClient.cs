using System.Net;
using System.Runtime.CompilerServices;
using System.Text.Json;
using CachePolicyOperator.Core;
using CachePolicyOperator.Core.AgentProtocol;
using CachePolicyOperator.Core.Invalidations;
using CachePolicyOperator.Operator.Certificates;

namespace CachePolicyOperator.Operator.Agents;

/// <summary>The agent protocol over HTTP and mutual TLS.</summary>
internal sealed class AgentClient(
    HttpMessageInvoker http, IOperatorCertificates certificates, AgentAddress address, AgentTimes times,
        TimeProvider time)
    : IAgentClient
{
    private readonly Uri _base = new UriBuilder(Uri.UriSchemeHttps, address.Ip, AgentApi.Port).Uri;

    public async Task<AgentStatus> GetStatusAsync(CancellationToken cancellationToken) =>
        await SendAsync(
            HttpMethod.Get,
            "/v1/status",
            null,
            times.Answer,
            async (response, token) => await response.Content.ReadFromJsonAsync<AgentStatus>(AgentApi.Json, token)
                ?? throw new JsonException("the agent's status is null"),
            cancellationToken);

    public Task PutGuardAsync(GuardConfiguration guard, CancellationToken cancellationToken) =>
        PutAsync("/v1/guard", certificates.Sign(guard, address.ServerName), times.Answer, cancellationToken);

    public Task LoadAsync(RevisionPackage revision, CancellationToken cancellationToken) =>
        PutAsync(
            $"/v1/revisions/{Uri.EscapeDataString(revision.Proof.Digest.ToString())}",
            certificates.Sign(revision, address.ServerName),
            times.Compile,
            cancellationToken);

    public Task ActivateAsync(Digest digest, CancellationToken cancellationToken) =>
        PutAsync("/v1/active", new Activation(digest), times.Compile, cancellationToken);

    public Task SetLevelAsync(LevelOrder order, CancellationToken cancellationToken) =>
        PutAsync("/v1/level", order, times.Answer, cancellationToken);

    public async Task PutTrialAsync(TrialOrder trial, CancellationToken cancellationToken)
    {
        try
        {
            await PutAsync("/v1/trial", trial, times.Answer, cancellationToken);
        }
        catch (HttpRequestException error) when (error.StatusCode == HttpStatusCode.NotFound)
        {
            throw new AgentRefusedException(
                "trial/unsupported",
                "the agent is too old to try a revision: give the pod the agent of this release, or set "
                    + "`rollout.canary.pods` to 0");
        }
    }

    public Task EndTrialAsync(CancellationToken cancellationToken) => SendAsync(
        HttpMethod.Delete, "/v1/trial", null, times.Answer, static (_, _) => Task.FromResult(true), cancellationToken);

    public Task PurgeAsync(CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Post, "/v1/purge", null, times.Answer, static (_, _) => Task.FromResult(true),
            cancellationToken);

    public Task InvalidateAsync(StoredPages pages, CancellationToken cancellationToken) =>
        SendAsync(
            HttpMethod.Post,
            "/v1/invalidations",
            JsonContent.Create(pages, options: AgentApi.Json),
            times.Answer,
            static (_, _) => Task.FromResult(true),
            cancellationToken);

    public async IAsyncEnumerable<AgentEvent> EventsAsync(
        long after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(_base, $"/v1/events?after={after}"));
        using var response = await http.SendAsync(request, cancellationToken);
        await RefuseAsync(response, cancellationToken);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(cancellationToken));
        while (true)
        {
            // The agent sends an empty line now and then; a connection that gives none is dead.
            using var silence = new CancellationTokenSource(times.Silence, time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(silence.Token, cancellationToken);
            var line = await reader.ReadLineAsync(either.Token);
            if (line is null)
            {
                yield break;
            }

            if (line.Length > 0 && TryRead<AgentEvent>(line) is { } told)
            {
                yield return told;
            }
        }
    }

    public void Dispose() => http.Dispose();

    private Task<bool> PutAsync<T>(string path, T body, TimeSpan within, CancellationToken cancellationToken) =>
        SendAsync(
            HttpMethod.Put,
            path,
            JsonContent.Create(body, options: AgentApi.Json),
            within,
            static (_, _) => Task.FromResult(true),
            cancellationToken);

    private async Task<T> SendAsync<T>(
        HttpMethod method,
        string path,
        HttpContent? content,
        TimeSpan within,
        Func<HttpResponseMessage, CancellationToken, Task<T>> read,
        CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(within, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        using var request = new HttpRequestMessage(method, new Uri(_base, path)) { Content = content };
        try
        {
            using var response = await http.SendAsync(request, either.Token);
            await RefuseAsync(response, either.Token);
            return await read(response, either.Token);
        }
        catch (OperationCanceledException) when (
            timeout.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"{method} {path}: no answer from agent {address.Pod} within {within}");
        }
    }

    private static async Task RefuseAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        if (response.IsSuccessStatusCode)
        {
            return;
        }

        var body = await response.Content.ReadAsStringAsync(cancellationToken);
        var error = TryRead<AgentError>(body);
        if (error?.Code is not null
            && response.StatusCode is >= HttpStatusCode.BadRequest and < HttpStatusCode.InternalServerError)
        {
            throw new AgentRefusedException(error.Code, error.Message);
        }

        throw new HttpRequestException(
            $"agent {(int)response.StatusCode}: {error?.Message ?? "no reason given"}", null, response.StatusCode);
    }

    /// <summary>Null for what an agent of another version may say that this operator does not know.</summary>
    private static T? TryRead<T>(string json)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize<T>(json, AgentApi.Json);
        }
        catch (Exception error) when (error is JsonException or NotSupportedException)
        {
            return null;
        }
    }
}

/// <summary>How long an agent may take.</summary>
internal sealed record AgentTimes
{
    public static AgentTimes Default { get; } = new();

    public TimeSpan Connect { get; init; } = TimeSpan.FromSeconds(3);

    public TimeSpan Answer { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>varnishd runs a C compiler to load a text.</summary>
    public TimeSpan Compile { get; init; } = TimeSpan.FromSeconds(90);

    /// <summary>After so long without even an empty line the event stream is taken for dead.</summary>
    public TimeSpan Silence { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How often a status is asked for while nothing happens.</summary>
    public TimeSpan Poll { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Pause after a failure.</summary>
    public TimeSpan Retry { get; init; } = TimeSpan.FromSeconds(1);
}
