using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using CachePolicyOperator.Core.Invalidations;

namespace CachePolicyOperator.Operator.Tests.Cluster;

/// <summary>Invalidations, by object and by request, on a real API server.</summary>
[Collection(OnOneApiServer.Name)]
public sealed class InvalidationTests(OperatorFixture fixture)
{
    private const string Counts = "{.status.phase} {.status.confirmed}/{.status.total}";

    private static readonly StoredPages Asked = new(["www.example.com"], ["/news"], ["/shop"], ["p1"]);

    private static string Manifest(string spec, string name = "purge-1") => $$"""
        apiVersion: cachepolicy.dev/v1alpha1
        kind: CacheInvalidation
        metadata: {name: {{name}}}
        spec: {{{spec}}}
        """;

    private static string Good(string more = "") => Manifest(
        $"policy: storefront, hosts: [www.example.com], paths: [/news], pathPrefixes: [/shop], tags: [p1]{more}");

    [Fact]
    public async Task Every_pod_is_asked_and_one_that_was_away_when_it_is_back()
    {
        await using var world = await OperatorWorld.ServingAsync(fixture);
        var hang = new TaskCompletionSource();
        world.Agents[1].Hang = hang.Task;

        await world.ApplyAsync(Good());
        await world.UntilAsync("one pod has confirmed, and the other is named", async () =>
            await FieldAsync(world, Counts) == "Running 1/2"
            && (await FieldAsync(world, """{.status.conditions[?(@.type=="Complete")].message}"""))
                .Contains("storefront-cache-1", StringComparison.Ordinal));

        world.Agents[1].Hang = null;
        hang.SetResult();
        await world.UntilAsync("both have", async () => await FieldAsync(world, Counts) == "Complete 2/2");
        // Once more where the operator had not heard yet that its own writing was through.
        Assert.All(world.Agents, agent => Assert.Equal(Asked, Assert.Single(agent.Invalidated.Distinct())));
    }

    [Fact]
    public async Task An_operator_that_dies_before_it_wrote_down_who_confirmed_goes_on_after_its_next_start()
    {
        await using var world = await OperatorWorld.ServingAsync(fixture, pods: 1);
        await world.StopOperatorAsync();
        await world.StartOperatorAsync(
            new RefusingSeam(a => a.Kind == "api/apply-status"
            && a.Target.StartsWith("CacheInvalidation", StringComparison.Ordinal)));
        await world.ApplyAsync(Good());
        await world.UntilAsync("the pod was asked", () => Task.FromResult(world.Agents[0].Invalidated.Count > 0));
        await world.StopOperatorAsync();
        Assert.Equal("/", (await FieldAsync(world, Counts)).Trim());

        await world.StartOperatorAsync();

        await world.UntilAsync("it is complete", async () => await FieldAsync(world, Counts) == "Complete 1/1");
    }

    [Fact]
    public async Task One_that_was_changed_past_the_webhook_is_another_invalidation_and_asked_anew()
    {
        await using var world = await OperatorWorld.ServingAsync(fixture, pods: 1);
        await world.ApplyAsync(Good());
        await world.UntilAsync("the first is complete", async () => await FieldAsync(world, Counts) == "Complete 1/1");

        await world.ApplyAsync(Good().Replace("/news", "/weather", StringComparison.Ordinal));

        await world.UntilAsync("the pod was asked for the other pages", () => Task.FromResult(
            world.Agents[0].Invalidated.Any(p => p.Paths.Items.Contains("/weather"))));
    }

    [Fact]
    public async Task An_invalidation_is_removed_some_time_after_it_is_complete()
    {
        await using var world = await OperatorWorld.ServingAsync(fixture, pods: 1);

        await world.ApplyAsync(Good(", ttlSecondsAfterFinished: 0"));

        await world.UntilAsync("the pod was asked, and the record is gone", async () =>
            world.Agents[0].Invalidated.Count > 0
            && (await world.KubectlAsync("get", "cinv", "purge-1", "--ignore-not-found")).Text.Trim().Length == 0);
    }

    [Fact]
    [Trait("Category", "Slow")]
    public async Task What_is_wrong_with_an_invalidation_is_told_and_nothing_is_invalidated()
    {
        (string Spec, string Told)[] wrong =
        [
            ("policy: storefront", "invalidation/nothing"),
            ("policy: storefront, all: true, paths: [/a]", "invalidation/all-and-some"),
            ("policy: other/storefront, all: true", "invalidation/namespace"),
            ("policy: nothing, all: true", "there is no CachePolicy `nothing`"),
        ];
        await using var world = await OperatorWorld.ServingAsync(fixture, pods: 1);
        foreach (var (spec, told) in wrong)
        {
            await world.ApplyAsync(Manifest(spec, "unseen"));
            await world.UntilAsync($"the controller says {told}", async () =>
                (await FieldAsync(world, """{.status.phase} {.status.conditions[?(@.type=="Accepted")].message}""",
                    "unseen")) is var said
                && said.StartsWith("Refused ", StringComparison.Ordinal)
                    && said.Contains(told, StringComparison.Ordinal));
            await world.KubectlAsync("delete", "cinv", "unseen");
        }

        await world.StopOperatorAsync();
        await world.StartOperatorAsync(webhook: true);
        foreach (var (spec, told) in wrong)
        {
            var refused = await world.TryApplyAsync(Manifest(spec));
            Assert.True(refused.ExitCode != 0 && refused.Text.Contains(told, StringComparison.Ordinal), refused.Text);
        }

        await world.ApplyAsync(Manifest("policy: storefront, all: true", "good"));
        var changed = await world.TryApplyAsync(Manifest("policy: storefront, tags: [p2]", "good"));
        await world.RemoveWebhookAsync();
        Assert.True(changed.ExitCode != 0 && changed.Text.Contains("make another one", StringComparison.Ordinal),
            changed.Text);
        await world.UntilAsync("the good one is complete",
            async () => await FieldAsync(world, Counts, "good") == "Complete 1/1");
        Assert.Equal([new StoredPages([], [], [], [])], world.Agents[0].Invalidated);
    }

    [Fact]
    public async Task An_application_purges_by_request_where_it_may_and_is_told_what_became_of_it()
    {
        await using var world = await OperatorWorld.ServingAsync(fixture);
        await world.KubectlAsync("create", "serviceaccount", "shop");
        await world.KubectlAsync("create", "serviceaccount", "stranger");
        await world.KubectlAsync("create", "role", "purger", "--verb=purge", "--resource=cachepolicies.cachepolicy.dev",
            "--resource-name=storefront");
        await world.KubectlAsync("create", "rolebinding", "purger", "--role=purger",
            $"--serviceaccount={world.Space}:shop");
        using var shop = await AsAsync(world, "shop");
        using var stranger = await AsAsync(world, "stranger");
        using var nobody = new HttpClient(Trusting()) { BaseAddress = world.Https };

        var done = await PostAsync(shop, world,
            """{"hosts": ["www.example.com"], "paths": ["/news"], "pathPrefixes": ["/shop"], "tags": ["p1"]}""",
            "?wait=30");

        Assert.Equal((HttpStatusCode.OK, "Complete", 2),
            (done.Status, done.Body.GetProperty("phase").GetString(), done.Body.GetProperty("confirmed").GetInt32()));
        Assert.All(world.Agents, a => Assert.Contains(Asked, a.Invalidated));
        Assert.Equal(HttpStatusCode.Unauthorized, (await PostAsync(nobody, world, """{"all": true}""")).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await PostAsync(stranger, world, """{"all": true}""")).Status);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await PostAsync(shop, world, "{}")).Status);
        Assert.Equal(HttpStatusCode.UnprocessableEntity,
            (await PostAsync(shop, world, """{"policy": "other", "all": true}""")).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await PostAsync(shop, world, "[1]")).Status);
        Assert.Equal(HttpStatusCode.BadRequest,
            (await PostAsync(shop, world, """{"all": true, "all": true}""")).Status);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge,
            (await PostAsync(shop, world, $"{{\"tags\": [\"{new string('a', 1_100_000)}\"]}}")).Status);
        Assert.Equal(HttpStatusCode.BadRequest,
            (await PostAsync(shop, world, """{"all": true}""", "?wait=soon")).Status);
        Assert.Equal(HttpStatusCode.NotFound,
            (await shop.PostAsync(new Uri(world.Health, $"/purge/{world.Space}/storefront"), Json("{}"))).StatusCode);
        Assert.All(world.Agents, a => Assert.All(a.Invalidated, p => Assert.Equal(Asked, p)));
    }

    [Fact]
    public async Task A_plugin_purges_with_the_method_PURGE_what_its_service_account_may_purge()
    {
        await using var world = await OperatorWorld.ServingAsync(fixture, pods: 1);
        foreach (var account in (string[])["shop", "stranger"])
        {
            await world.KubectlAsync("create", "serviceaccount", account);
        }

        await world.KubectlAsync("create", "role", "purger", "--verb=purge", "--resource=cachepolicies.cachepolicy.dev",
            "--resource-name=storefront");
        await world.KubectlAsync("create", "rolebinding", "purger", "--role=purger",
            $"--serviceaccount={world.Space}:shop");
        var shop = await world.ControlPlane.CreateTokenAsync(world.Space, "shop");
        var stranger = await world.ControlPlane.CreateTokenAsync(world.Space, "stranger");

        // As W3 Total Cache writes it on a socket of its own, with its key and the field for it.
        Assert.Equal(200, await PurgeAsync(world, "/news/1/?page=2", "www.example.com", shop,
            "User-Agent: W3 Total Cache", "Connection: close"));
        Assert.Equal(200, await PurgeAsync(world, "/.*", "www.example.com", shop, "Connection: close"));
        // As Proxy Cache Purge.
        Assert.Equal(200, await PurgeAsync(world, "/caf%c3%a9/", "WWW.example.com:443", shop,
            "X-Purge-Method: default"));
        Assert.Equal(200, await PurgeAsync(world, "/blog/.*", "www.example.com", shop, "X-Purge-Method: regex"));
        Assert.Equal(200, await PurgeAsync(world, "/", "www.example.com", shop, "X-Purge-Method: tags",
            "X-Cache-Tags-Pattern: site-1|p-17"));
        // As Magento, with what a proxy beside it adds.
        Assert.Equal(200, await PurgeAsync(world, "/", "www.example.com", shop,
            "X-Magento-Tags-Pattern: ((^|,)cat_p_1(,|$))|((^|,)cat_p(,|$))"));
        Assert.Equal(200, await PurgeAsync(world, "/", "www.example.com", shop, "X-Magento-Tags-Pattern: .*"));
        StoredPages[] asked =
        [
            new(["www.example.com"], ["/news/1/"], [], []),
            new(["www.example.com"], [], [], []),
            new(["www.example.com"], ["/caf%c3%a9/"], [], []),
            new(["www.example.com"], [], ["/blog"], []),
            new([], [], [], ["site-1", "p-17"]),
            new([], [], [], ["cat_p_1", "cat_p"]),
            new([], [], [], []),
        ];
        Assert.Equal(asked, world.Agents[0].Invalidated.Distinct());

        Assert.Equal(401, await PurgeAsync(world, "/", "www.example.com", null));
        Assert.Equal(401, await PurgeAsync(world, "/", "www.example.com", "nobody"));
        Assert.Equal(403, await PurgeAsync(world, "/", "www.example.com", stranger));
        Assert.Equal(403, await PurgeAsync(world, "/", "other.example.com", shop));
        Assert.Equal(422, await PurgeAsync(world, "/news.*", "www.example.com", shop));
        Assert.Equal(422, await PurgeAsync(world, "/map-[0-9]+", "www.example.com", shop));
        Assert.Equal(422, await PurgeAsync(world, "/", "www.example.com", shop, "X-Magento-Tags-Pattern: cat_[0-9]+"));
        // Who may purge it and is of another namespace names it (`POST /purge/…`): anybody may write a host.
        var visitor = $"visitor-of-{world.Space}";
        await world.KubectlAsync("create", "serviceaccount", visitor, "-n", "default");
        await world.KubectlAsync("create", "rolebinding", "visitor", "--role=purger",
            $"--serviceaccount=default:{visitor}");
        var away = await world.ControlPlane.CreateTokenAsync("default", visitor);
        Assert.Equal(403, await PurgeAsync(world, "/", "www.example.com", away));
        using var inTheClear = new HttpClient();
        using var purge = new HttpRequestMessage(new HttpMethod("PURGE"), world.Health);
        purge.Headers.Host = "www.example.com";
        purge.Headers.Authorization = new AuthenticationHeaderValue("Bearer", shop);
        Assert.Equal(HttpStatusCode.NotFound, (await inTheClear.SendAsync(purge)).StatusCode);
        Assert.Equal(asked, world.Agents[0].Invalidated.Distinct());
    }

    [Fact]
    public async Task Who_purges_without_pause_is_told_to_wait()
    {
        await using var world = await OperatorWorld.ServingAsync(fixture, pods: 1);
        await world.KubectlAsync("create", "serviceaccount", "shop");
        await world.KubectlAsync("create", "role", "purger", "--verb=purge",
            "--resource=cachepolicies.cachepolicy.dev");
        await world.KubectlAsync("create", "rolebinding", "purger", "--role=purger",
            $"--serviceaccount={world.Space}:shop");
        using var shop = await AsAsync(world, "shop");

        var answers = await Task.WhenAll(Enumerable.Range(0, 190)
            .Select(_ => shop.PostAsync($"/purge/{world.Space}/storefront", Json("{}"))));

        Assert.All(answers,
            a => Assert.True(a.StatusCode is HttpStatusCode.UnprocessableEntity or HttpStatusCode.TooManyRequests));
        Assert.Contains(answers,
            a => a is { StatusCode: HttpStatusCode.TooManyRequests, Headers.RetryAfter: not null });
    }

    private static Task<string> FieldAsync(OperatorWorld world, string path, string name = "purge-1") =>
        world.FieldAsync(path, "cacheinvalidation", name);

    // Who the caller is, is what is tested here, and not who answers.
    private static SocketsHttpHandler Trusting() => new()
    {
        SslOptions = { RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate is not null },
        // What is too large is refused by its length: who sends it all the same may lose the answer.
        Expect100ContinueTimeout = TimeSpan.FromMinutes(1),
    };

    private static async Task<HttpClient> AsAsync(OperatorWorld world, string account)
    {
        var token = await world.ControlPlane.CreateTokenAsync(world.Space, account);
        var client = new HttpClient(Trusting()) { BaseAddress = world.Https };
        client.DefaultRequestHeaders.ExpectContinue = true;
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return client;
    }

    private static async Task<(HttpStatusCode Status, JsonElement Body)> PostAsync(
        HttpClient client, OperatorWorld world, string body, string query = "")
    {
        using var response = await client.PostAsync($"/purge/{world.Space}/storefront{query}", Json(body));
        return (response.StatusCode, JsonElement.Parse(await response.Content.ReadAsStringAsync()));
    }

    /// <summary>The status of the answer to the bytes that a plugin writes.</summary>
    private static async Task<int> PurgeAsync(
        OperatorWorld world, string target, string host, string? token, params string[] fields)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(world.Https.Host, world.Https.Port);
        await using var tls = new SslStream(
            client.GetStream(), leaveInnerStreamOpen: false, (_, certificate, _, _) => certificate is not null);
        await tls.AuthenticateAsClientAsync(world.Https.Host);
        string[] lines =
        [
            $"PURGE {target} HTTP/1.1", $"Host: {host}",
            .. token is null ? (string[])[] : [$"Authorization: Bearer {token}"],
            .. fields,
        ];
        await tls.WriteAsync(Encoding.ASCII.GetBytes(string.Join("\r\n", lines) + "\r\n\r\n"));
        using var reader = new StreamReader(tls, Encoding.ASCII);
        var status = await reader.ReadLineAsync();
        Assert.StartsWith("HTTP/1.1 ", status, StringComparison.Ordinal);
        return int.Parse(status!.Split(' ')[1], CultureInfo.InvariantCulture);
    }

    private static StringContent Json(string body) => new(body, Encoding.UTF8, "application/json");
}
