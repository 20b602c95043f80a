using CachePolicyOperator.Agent.Acts;
using CachePolicyOperator.TestCluster;

namespace CachePolicyOperator.Agent.Tests.Support;

/// <summary>A cache pod: an origin that tells everyone their own name, a real varnishd and an agent.</summary>
internal sealed class CachePod : IAsyncDisposable
{
    private CachePod(HttpOrigin origin, VarnishInstance varnish, PodDirectory files)
    {
        Origin = origin;
        Varnish = varnish;
        Files = files;
    }

    public HttpOrigin Origin { get; }

    public VarnishInstance Varnish { get; }

    public PodDirectory Files { get; private set; }

    public AgentUnderTest Agent { get; private set; } = null!;

    public static async Task<CachePod> StartAsync(
        IFailPoints? failPoints = null, bool withAgent = true, Func<OriginRequest, OriginResponse>? answer = null,
            params string[] varnishArguments)
    {
        var origin = await HttpOrigin.StartAsync(
            answer ?? (r => OriginResponse.Text($"{r.Path} of {r.Cookie("session") ?? "nobody"}")));
        var varnish = await VarnishInstance.StartAsync(new VarnishOptions
        {
            Vcl = "vcl 4.1; backend default none; sub vcl_recv { return (synth(503)); }",
            Arguments = varnishArguments,
        });
        var pod = new CachePod(origin, varnish, new PodDirectory());
        if (withAgent)
        {
            await pod.StartAgentAsync(failPoints);
        }

        return pod;
    }

    public async Task StartAgentAsync(IFailPoints? failPoints = null) =>
        Agent = await AgentUnderTest.StartAsync(Varnish, Files, failPoints);

    /// <summary>As a new pod: a new agent without state, and a varnishd that was just started.</summary>
    public async Task RenewAsync(IFailPoints? failPoints = null)
    {
        if (Agent is not null)
        {
            await Agent.DisposeAsync();
            await Varnish.RestartAsync();
            Files.Dispose();
            Files = new PodDirectory();
        }

        await StartAgentAsync(failPoints);
    }

    public async Task RestartAgentAsync(IFailPoints? failPoints = null)
    {
        await Agent.DisposeAsync();
        await StartAgentAsync(failPoints);
    }

    /// <summary>The body that a logged-in person gets.</summary>
    public async Task<string> GetAsync(string target, string? session = null) => (await AskAsync(target, session)).Text;

    public Task<RawResponse> AskAsync(string target, string? session = null) =>
        RawHttp.GetAsync(Varnish.HttpPort, target, session is null ? [] : [("Cookie", $"session={session}")]);

    public async ValueTask DisposeAsync()
    {
        if (Agent is not null)
        {
            await Agent.DisposeAsync();
        }

        await Varnish.DisposeAsync();
        await Origin.DisposeAsync();
        Files.Dispose();
    }
}
