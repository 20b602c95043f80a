using System.Net;
using CachePolicyOperator.Runtime.Client;
using CachePolicyOperator.Runtime.Tests.Support;
using CachePolicyOperator.Runtime.Webhooks;
using CachePolicyOperator.TestCluster;
using k8s;
using k8s.Autorest;
using k8s.Models;
using Microsoft.Extensions.DependencyInjection;

namespace CachePolicyOperator.Runtime.Tests.Webhooks;

/// <summary>The real API server asks the webhook, over TLS.</summary>
public sealed class WebhookTests(ControlPlaneFixture cluster) : IClassFixture<ControlPlaneFixture>, IAsyncLifetime
{
    private readonly TestCertificates _certificates = new();
    private readonly TestWebhook _webhook = new();
    private RunningOperator _operator = null!;
    private string _namespace = "";

    public async Task InitializeAsync()
    {
        _namespace = await cluster.NewNamespaceAsync("hook");
        await cluster.Client.CoreV1.PatchNamespaceAsync(
            new V1Patch(new { metadata = new { labels = new Dictionary<string, string> { ["hooked"] = _namespace } } },
                V1Patch.PatchType.MergePatch),
            _namespace);
        _operator = await RunningOperator.StartAsync(
            cluster.ControlPlane.AdminConfiguration(),
            builder => builder.AddValidationWebhook<TestWebhook, V1ConfigMap>("/validate-configmaps"),
            options => options with { WebhookBudget = TimeSpan.FromSeconds(2) },
            services => services.AddSingleton<IServerCertificateSource>(_certificates).AddSingleton(_webhook));
        await _operator.ReadyAsync();
        await RegisterAsync();
    }

    public async Task DisposeAsync()
    {
        await cluster.Client.AdmissionregistrationV1.DeleteValidatingWebhookConfigurationAsync(_namespace);
        await _operator.DisposeAsync();
        _certificates.Dispose();
    }

    [Fact]
    public async Task A_refusal_reaches_the_user_word_for_word()
    {
        var refused = await Assert.ThrowsAsync<HttpOperationException>(() => CreateAsync("a", "refuse"));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, ApiErrors.StatusOf(refused));
        Assert.Contains("personal/cacheable: a request for `/mypage` would be stored\\n  help: remove the rule",
            refused.Response.Content);
        await CreateAsync("a", "allow");
    }

    [Fact]
    public async Task Warnings_reach_the_user()
    {
        using var answer =
            await cluster.Client.CoreV1.CreateNamespacedConfigMapWithHttpMessagesAsync(Map("a", "warn"), _namespace);
        var warnings = answer.Response.Headers.GetValues("Warning").ToArray();
        Assert.Contains(warnings, warning => warning.Contains("first warning", StringComparison.Ordinal));
        Assert.Contains(warnings, warning => warning.Contains("second warning", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_webhook_learns_who_asks_where_and_whether_it_is_in_earnest()
    {
        await CreateAsync("a", "allow");
        await cluster.Client.CoreV1.CreateNamespacedConfigMapAsync(Map("b", "allow"), _namespace, dryRun: "All");
        var contexts = _webhook.Seen.Where(context => context.Name is "a" or "b").OrderBy(context => context.Name)
            .ToArray();
        Assert.Equal("admin", contexts[0].User.Name);
        Assert.Contains("system:masters", contexts[0].User.Groups);
        Assert.Equal((_namespace, "CREATE", false), (contexts[0].Namespace, contexts[0].Operation, contexts[0].DryRun));
        Assert.True(contexts[1].DryRun);
    }

    [Fact]
    public async Task An_update_brings_both_objects_and_a_deletion_the_old_one()
    {
        await CreateAsync("a", "allow");
        await PatchAsync("a", "other");
        var refused = await Assert.ThrowsAsync<HttpOperationException>(() => PatchAsync("a", "refuse"));
        Assert.Equal(HttpStatusCode.Forbidden, ApiErrors.StatusOf(refused));
        await cluster.Client.CoreV1.DeleteNamespacedConfigMapAsync("a", _namespace);
        // The server asks again when it finds that what it had in memory was not the newest: first it may ask of that.
        Assert.Equal(["update allow to other", "update other to refuse", "delete a by admin"],
            _webhook.Said.Distinct().Where(said => said != "update allow to refuse"));
    }

    [Fact]
    public async Task A_check_that_breaks_refuses_and_says_so()
    {
        var refused = await Assert.ThrowsAsync<HttpOperationException>(() => CreateAsync("a", "throw"));
        Assert.Contains("the check itself failed, so nothing was proven: the check broke", refused.Response.Content);
        await Assert.ThrowsAsync<HttpOperationException>(() => ReadAsync("a"));
    }

    [Theory]
    [InlineData("wait")]
    [InlineData("spin")]
    public async Task A_check_that_takes_too_long_refuses_before_the_API_server_gives_up(string what)
    {
        var refused = await Assert.ThrowsAsync<HttpOperationException>(() => CreateAsync("a", what));
        Assert.Contains("the check did not end within 2 s", refused.Response.Content);
    }

    [Fact]
    public async Task The_largest_object_the_server_takes_is_checked()
    {
        var map = Map("large", "refuse");
        map.Data["text"] = new string('x', 900_000);
        await Assert.ThrowsAsync<HttpOperationException>(
            () => cluster.Client.CoreV1.CreateNamespacedConfigMapAsync(map, _namespace));
        map.Data["do"] = "allow";
        await cluster.Client.CoreV1.CreateNamespacedConfigMapAsync(map, _namespace);
        map.Data["do"] = "refuse";
        await Assert.ThrowsAsync<HttpOperationException>(
            () => cluster.Client.CoreV1.ReplaceNamespacedConfigMapAsync(map, "large", _namespace));
    }

    private async Task RegisterAsync()
    {
        var configuration = WebhookRegistration.Configuration(
            _namespace, _certificates.Bundle, WebhookTarget.Url(_operator.Webhooks.AbsoluteUri),
            WebhookRegistration.For<V1ConfigMap>("configmaps.test.example", "/validate-configmaps"));
        // Only our own namespace: other tests share the server.
        configuration.Webhooks[0].NamespaceSelector =
            new() { MatchLabels = new Dictionary<string, string> { ["hooked"] = _namespace } };
        await _operator.Get<ResourceWriter>().ApplyAsync(configuration, CancellationToken.None);
        // The server reads its configurations now and then; it has ours when it refuses what ours refuses.
        await Eventually.TrueAsync("the API server to ask the webhook", async token =>
        {
            try
            {
                await cluster.Client.CoreV1.CreateNamespacedConfigMapAsync(Map("probe", "refuse"), _namespace,
                    dryRun: "All", cancellationToken: token);
                return false;
            }
            catch (HttpOperationException error) when (error.Response.Content.Contains("personal/cacheable",
                StringComparison.Ordinal))
            {
                return true;
            }
        });
    }

    private Task<V1ConfigMap> CreateAsync(string name, string what) =>
        cluster.Client.CoreV1.CreateNamespacedConfigMapAsync(Map(name, what), _namespace);

    private Task<V1ConfigMap> ReadAsync(string name) =>
        cluster.Client.CoreV1.ReadNamespacedConfigMapAsync(name, _namespace);

    private Task<V1ConfigMap> PatchAsync(string name, string what) =>
        cluster.Client.CoreV1.PatchNamespacedConfigMapAsync(
        new V1Patch(new { data = new { @do = what } }, V1Patch.PatchType.MergePatch), name, _namespace);

    private static V1ConfigMap Map(string name, string what) => new()
    {
        Metadata = new() { Name = name },
        Data = new Dictionary<string, string> { ["do"] = what },
    };
}
