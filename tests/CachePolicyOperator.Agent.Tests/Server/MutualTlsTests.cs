using System.Net;
using CachePolicyOperator.Agent.Tests.Support;
using CachePolicyOperator.Core.AgentProtocol;
using CachePolicyOperator.TestCluster;

namespace CachePolicyOperator.Agent.Tests.Server;

public sealed class MutualTlsTests
{
    [Fact]
    public async Task The_operator_is_answered_and_nobody_else()
    {
        await using var pod = await CachePod.StartAsync();
        using var stranger = new TestAuthority("stranger");
        var authority = pod.Files.Authority;

        using var accepted = pod.Agent.Client(authority, pod.Files.Operator);
        Assert.Equal(HttpStatusCode.OK, (await accepted.GetAsync("/v1/status")).StatusCode);
        await RefusedAsync(null);
        await RefusedAsync(stranger.IssueClientNamed(AgentApi.OperatorName));
        await RefusedAsync(authority.IssueClientNamed("intruder.cachepolicy.dev"));
        await RefusedAsync(authority.IssueClientNamed("x." + AgentApi.OperatorName, "*.cachepolicy.dev"));
        await RefusedAsync(authority.IssueClient(AgentApi.OperatorName));

        // A server's certificate with the right name is no client's.
        await RefusedAsync(authority.IssueServer(AgentApi.OperatorName));

        async Task RefusedAsync(CertificatePair? certificate)
        {
            using var client = pod.Agent.Client(authority, certificate);
            await Assert.ThrowsAnyAsync<HttpRequestException>(() => client.GetAsync("/v1/status"));
        }
    }

    [Fact]
    public async Task The_agent_shows_a_certificate_for_its_own_name_only()
    {
        await using var pod = await CachePod.StartAsync();
        using var client = pod.Agent.Client(pod.Files.Authority, pod.Files.Operator);

        var other = new Uri($"https://other.web.agents.cachepolicy.dev:{pod.Agent.Port}/v1/status");
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => client.GetAsync(other));
    }

    [Fact]
    public async Task The_health_port_tells_readiness_and_nothing_else()
    {
        await using var pod = await CachePod.StartAsync();
        using var client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{pod.Agent.HealthPort}") };

        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/healthz")).StatusCode);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await client.GetAsync("/readyz")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await client.GetAsync("/v1/status")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await client.GetAsync("/v1/events")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await client.PostAsync("/v1/purge", null)).StatusCode);
        using var hostile = new HttpRequestMessage(HttpMethod.Get, "/v1/status")
        {
            Headers = { Host = $"127.0.0.1:{pod.Agent.Port}" },
        };
        Assert.Equal(HttpStatusCode.NotFound, (await client.SendAsync(hostile)).StatusCode);
    }

    [Fact]
    public async Task Certificates_swapped_by_symbolic_link_are_used_by_the_next_connection()
    {
        await using var pod = await CachePod.StartAsync(withAgent: false);
        var mount = pod.Files.Certificates;
        foreach (var version in new[] { "..1", "..2" })
        {
            Directory.CreateDirectory(Path.Combine(mount, version));
            var name = version == "..1" ? "old.example" : AgentUnderTest.Name;
            pod.Files.Mount(Path.Combine(mount, version), pod.Files.Authority.IssueServer(name));
        }

        var link = Path.Combine(mount, "..data");
        Directory.CreateSymbolicLink(link, "..1");
        foreach (var file in new[] { "tls.crt", "tls.key", "ca.crt" })
        {
            File.Delete(Path.Combine(mount, file));
            File.CreateSymbolicLink(Path.Combine(mount, file), Path.Combine("..data", file));
        }

        await pod.StartAgentAsync();
        using var before = pod.Agent.Client(pod.Files.Authority, pod.Files.Operator);
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => before.GetAsync("/v1/status"));

        // As the kubelet does: a new link beside, renamed over the old.
        Directory.CreateSymbolicLink(link + "_tmp", "..2");
        await ChildProcess.RunAsync(
            new ChildProcessOptions("/bin/mv", ["-T", link + "_tmp", link]), CancellationToken.None);

        using var after = pod.Agent.Client(pod.Files.Authority, pod.Files.Operator);
        Assert.Equal(HttpStatusCode.OK, (await after.GetAsync("/v1/status")).StatusCode);
    }

    [Fact]
    public async Task Certificates_that_cannot_be_read_leave_those_before_in_use()
    {
        await using var pod = await CachePod.StartAsync();
        using var before = pod.Agent.Client(pod.Files.Authority, pod.Files.Operator);
        Assert.Equal(HttpStatusCode.OK, (await before.GetAsync("/v1/status")).StatusCode);

        await File.WriteAllTextAsync(Path.Combine(pod.Files.Certificates, "tls.key"), "half writ");

        using var after = pod.Agent.Client(pod.Files.Authority, pod.Files.Operator);
        Assert.Equal(HttpStatusCode.OK, (await after.GetAsync("/v1/status")).StatusCode);
    }
}
