using System.IO.Pipelines;
using System.Text;
using System.Text.Json;
using CachePolicyOperator.Runtime.Options;
using CachePolicyOperator.Runtime.Webhooks;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace CachePolicyOperator.Runtime.Tests.Webhooks;

/// <summary>How long an answer may take, by a clock that is moved.</summary>
public sealed class WebhookBudgetTests
{
    private const string Review =
        """{"kind":"AdmissionReview","apiVersion":"admission.k8s.io/v1","request":{"uid":"u","operation":"CREATE","object":{}}}""";

    private readonly FakeTimeProvider _time = new();
    private readonly Endless _handler = new();
    private readonly RuntimeOptions _options = new() { Name = "test", WebhookBudget = TimeSpan.FromSeconds(8) };

    [Fact]
    public async Task An_object_that_took_long_to_read_is_answered_within_the_budget_all_the_same()
    {
        var (body, answer) = (new Pipe(), new MemoryStream());
        var http = new DefaultHttpContext
        {
            Request = { IsHttps = true, Body = body.Reader.AsStream() },
            Response = { Body = answer }
        };
        var endpoint = new WebhookEndpoint(
            _handler, _options, new BodyAllowance(long.MaxValue), _time, NullLogger<WebhookEndpoint>.Instance);
        var handling = endpoint.HandleAsync(http);

        _time.Advance(TimeSpan.FromSeconds(6));
        await body.Writer.WriteAsync(Encoding.UTF8.GetBytes(Review));
        await body.Writer.CompleteAsync();
        await _handler.Asked.Task;
        _time.Advance(TimeSpan.FromSeconds(2));
        await handling.WaitAsync(TimeSpan.FromSeconds(30));

        var response = JsonDocument.Parse(answer.ToArray()).RootElement.GetProperty("response");
        Assert.Equal(504, response.GetProperty("status").GetProperty("code").GetInt32());
    }

    /// <summary>A check that never ends.</summary>
    private sealed class Endless : IWebhookHandler
    {
        public TaskCompletionSource Asked { get; } = new();

        public string Path => "/validate";

        public Task<ValidationResult> HandleAsync(AdmissionContext context, CancellationToken cancellationToken)
        {
            Asked.TrySetResult();
            return new TaskCompletionSource<ValidationResult>().Task;
        }
    }
}
