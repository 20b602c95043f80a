using System.Net;
using System.Text;
using System.Text.Json;
using CachePolicyOperator.Runtime.Tests.Support;
using CachePolicyOperator.Runtime.Webhooks;
using CachePolicyOperator.TestCluster;
using k8s;
using k8s.Models;
using Microsoft.Extensions.DependencyInjection;

namespace CachePolicyOperator.Runtime.Tests.Webhooks;

/// <summary>A webhook that is asked about more bytes than it may hold.</summary>
public sealed class CrowdedWebhookTests : IAsyncLifetime
{
    private const int Room = 16 * 1024;

    private readonly TestCertificates _certificates = new();
    private readonly HttpClient _client = new(new SocketsHttpHandler
    {
        SslOptions = { RemoteCertificateValidationCallback = (_, shown, _, _) => shown is not null },
    });
    private RunningOperator _operator = null!;

    public async Task InitializeAsync() => _operator = await RunningOperator.StartAsync(
        new KubernetesClientConfiguration { Host = "http://127.0.0.1:9" },
        builder => builder.AddValidationWebhook<TestWebhook, V1ConfigMap>("/validate"),
        options => options with { WebhookBodies = Room },
        services => services.AddSingleton<IServerCertificateSource>(_certificates));

    public async Task DisposeAsync()
    {
        await _operator.DisposeAsync();
        _client.Dispose();
        _certificates.Dispose();
    }

    [Fact]
    public async Task What_there_is_no_room_for_is_refused_unread_with_its_own_uid_and_there_is_room_again_afterwards()
    {
        using var leaving = new CancellationTokenSource();
        var held = PostAsync(Review("held", "wait", Room / 2), leaving.Token);
        await Eventually.TrueAsync("the first to be looked at",
            _ => Task.FromResult(_operator.Get<TestWebhook>().Seen.Count == 1));

        var refused = await ResponseAsync(Review("crowded", "warn", Room));
        Assert.Equal("crowded", refused.GetProperty("uid").GetString());
        Assert.Equal(429, refused.GetProperty("status").GetProperty("code").GetInt32());
        Assert.Contains("try again", refused.GetProperty("status").GetProperty("message").GetString());
        Assert.True((await ResponseAsync(Review("small", "warn", 100))).GetProperty("allowed").GetBoolean());
        Assert.Equal(2, _operator.Get<TestWebhook>().Seen.Count);

        // Of what does not say how long it is, nobody knows whether there is room for it.
        var unmeasured = await ResponseAsync(Review("unmeasured", "warn", 100), isChunked: true);
        Assert.Equal(429, unmeasured.GetProperty("status").GetProperty("code").GetInt32());

        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => held);
        await Eventually.TrueAsync("the room to be given back", async _ =>
            (await ResponseAsync(Review("later", "warn", Room))).GetProperty("allowed").GetBoolean());
    }

    [Fact]
    public async Task One_that_is_larger_than_all_the_room_is_looked_at_when_it_is_alone() =>
        Assert.True((await ResponseAsync(Review("large", "warn", 2 * Room))).GetProperty("allowed").GetBoolean());

    private static string Review(string uid, string what, int bytes) => $$$"""
        {"kind":"AdmissionReview","apiVersion":"admission.k8s.io/v1","request":{"uid":"{{{uid}}}","operation":"CREATE",
        "object":{"metadata":{"name":"a"},"data":{"do":"{{{what}}}","filling":"{{{new string('x', bytes)}}}"} } } }
        """;

    private async Task<JsonElement> ResponseAsync(string review, bool isChunked = false)
    {
        using var answer = await PostAsync(review, CancellationToken.None, isChunked);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        using var json = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        return json.RootElement.GetProperty("response").Clone();
    }

    private async Task<HttpResponseMessage> PostAsync(
        string review, CancellationToken cancellationToken, bool isChunked = false)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(_operator.Webhooks, "/validate"))
        {
            Content = new StringContent(review, Encoding.UTF8, "application/json"),
        };
        request.Headers.TransferEncodingChunked = isChunked;
        return await _client.SendAsync(request, cancellationToken);
    }
}
