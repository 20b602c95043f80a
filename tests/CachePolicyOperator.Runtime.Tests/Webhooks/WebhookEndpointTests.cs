using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using CachePolicyOperator.Runtime.Tests.Support;
using CachePolicyOperator.Runtime.Webhooks;
using k8s;
using k8s.Models;
using Microsoft.Extensions.DependencyInjection;

namespace CachePolicyOperator.Runtime.Tests.Webhooks;

/// <summary>What an API server would not send, and what it does not show of the connection.</summary>
public sealed class WebhookEndpointTests : IAsyncLifetime
{
    private readonly TestCertificates _certificates = new();
    private readonly HttpClient _client;
    private RunningOperator _operator = null!;

    public WebhookEndpointTests() => _client = new(new SocketsHttpHandler
    {
        SslOptions = { RemoteCertificateValidationCallback = (_, shown, _, _) => shown is not null },
        Expect100ContinueTimeout = TimeSpan.FromMinutes(1),
    });

    // Nothing here asks the API server, so there need not be one.
    public async Task InitializeAsync() => _operator = await RunningOperator.StartAsync(
        new KubernetesClientConfiguration { Host = "http://127.0.0.1:9" },
        builder => builder.AddValidationWebhook<TestWebhook, V1ConfigMap>("/validate"),
        services: services => services.AddSingleton<IServerCertificateSource>(_certificates));

    public async Task DisposeAsync()
    {
        await _operator.DisposeAsync();
        _client.Dispose();
        _certificates.Dispose();
    }

    [Theory]
    [InlineData("")]
    [InlineData("no JSON")]
    [InlineData("[]")]
    [InlineData("""{"kind":"AdmissionReview","apiVersion":"admission.k8s.io/v1"}""")]
    [InlineData(
        """{"kind":"AdmissionReview","apiVersion":"admission.k8s.io/v1beta1","request":{"uid":"u","operation":"CREATE"}}""")]
    [InlineData("""{"kind":"AdmissionReview","apiVersion":"admission.k8s.io/v1","request":{"operation":"CREATE"}}""")]
    [InlineData(
        """{"kind":"AdmissionReview","apiVersion":"admission.k8s.io/v1","request":{"uid":7,"operation":"CREATE"}}""")]
    [InlineData("""{"kind":"AdmissionReview","apiVersion":"admission.k8s.io/v1","request":"u"}""")]
    public async Task What_is_no_review_is_answered_with_400(string body)
    {
        using var answer = await PostAsync(body);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
    }

    [Fact]
    public async Task Bytes_that_are_no_text_are_answered_with_400()
    {
        using var content = new ByteArrayContent([0x7b, 0xff, 0xfe, 0x00, 0x7d]);
        using var answer = await _client.PostAsync(new Uri(_operator.Webhooks, "/validate"), content);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
    }

    [Theory]
    [InlineData("""{"metadata":{"name":"a"},"data":"no map"}""", "$.data")]
    [InlineData("""{"data":{}}""", "metadata")]
    [InlineData("""{"metadata":[]}""", "$.metadata")]
    [InlineData("null", "no object")]
    public async Task An_object_that_does_not_fit_its_type_is_refused_with_the_place(string entity, string place)
    {
        var response = await ReviewAsync("CREATE", entity, "null");
        Assert.False(response.GetProperty("allowed").GetBoolean());
        Assert.Equal("u", response.GetProperty("uid").GetString());
        Assert.Equal(422, response.GetProperty("status").GetProperty("code").GetInt32());
        Assert.Contains(place, response.GetProperty("status").GetProperty("message").GetString());
    }

    [Fact]
    public async Task A_stored_object_that_does_not_fit_its_type_can_be_mended_and_deleted()
    {
        var bad = """{"metadata":{"name":"a"},"data":"no map"}""";
        Assert.True((await ReviewAsync("UPDATE", """{"metadata":{"name":"a"},"data":{"do":"allow"} }""", bad))
            .GetProperty("allowed").GetBoolean());
        Assert.True((await ReviewAsync("DELETE", "null", bad)).GetProperty("allowed").GetBoolean());
    }

    [Fact]
    public async Task A_review_of_eight_megabytes_is_read_and_one_of_eleven_refused()
    {
        var entity = $$"""{"metadata":{"name":"a"},"data":{"do":"refuse","text":"{{new string('x', 4_000_000)}}"} }""";
        var response = await ReviewAsync("UPDATE", entity, entity);
        Assert.Equal("not like that", response.GetProperty("status").GetProperty("message").GetString());
        using var large = new HttpRequestMessage(HttpMethod.Post, new Uri(_operator.Webhooks, "/validate"))
        {
            Content = new ByteArrayContent(new byte[11 * 1024 * 1024]),
        };
        // The answer comes before the body is asked for.
        large.Headers.ExpectContinue = true;
        using var answer = await _client.SendAsync(large);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, answer.StatusCode);
    }

    [Fact]
    public async Task The_webhook_is_not_to_be_had_without_TLS()
    {
        using var content = new StringContent("{}");
        using var answer = await _client.PostAsync(new Uri(_operator.Health, "/validate"), content);
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
    }

    [Fact]
    public async Task A_new_certificate_is_shown_on_the_next_connection()
    {
        var first = await ShownAsync();
        Assert.Equal(first, await ShownAsync());
        _certificates.Rotate();
        var second = await ShownAsync();
        Assert.NotEqual(first, second);
        Assert.Equal(_certificates.Current!.Thumbprint, second);
    }

    [Fact]
    public async Task Without_a_certificate_the_process_is_not_ready()
    {
        Assert.Equal(HttpStatusCode.OK, await HealthAsync("/readyz"));
        _certificates.Withdraw();
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await HealthAsync("/readyz"));
        Assert.Equal(HttpStatusCode.OK, await HealthAsync("/healthz"));
    }

    private async Task<HttpStatusCode> HealthAsync(string path)
    {
        using var answer = await _client.GetAsync(new Uri(_operator.Health, path));
        return answer.StatusCode;
    }

    private async Task<string> ShownAsync()
    {
        using var socket = new TcpClient();
        await socket.ConnectAsync(IPAddress.Loopback, _operator.Webhooks.Port);
        await using var tls = new SslStream(socket.GetStream(), false, (_, shown, _, _) => shown is not null);
        await tls.AuthenticateAsClientAsync("localhost");
        return new X509Certificate2(tls.RemoteCertificate!).Thumbprint;
    }

    private async Task<JsonElement> ReviewAsync(string operation, string entity, string old)
    {
        using var answer = await PostAsync(
            $$"""{"kind":"AdmissionReview","apiVersion":"admission.k8s.io/v1","request":{"uid":"u","operation":"{{operation}}","object":{{entity}},"oldObject":{{old}} } }""");
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        using var review = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        return review.RootElement.GetProperty("response").Clone();
    }

    private async Task<HttpResponseMessage> PostAsync(string body)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        return await _client.PostAsync(new Uri(_operator.Webhooks, "/validate"), content);
    }
}
