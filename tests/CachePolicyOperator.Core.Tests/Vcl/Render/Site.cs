using CachePolicyOperator.TestCluster;

namespace CachePolicyOperator.Core.Tests.Vcl.Render;

/// <summary>A host that is served by a rendered policy, and the people who visit it.</summary>
internal sealed class Site(VarnishRig rig, string host)
{
    public string Host => host;

    public IReadOnlyList<OriginRequest> Fetches => rig.Origin.Requests;

    public void Answers(Func<OriginRequest, OriginResponse> answer) => rig.Origin.Answer(answer);

    /// <summary>
    /// The worst of origins: it greets whoever asks by name, on every page, and says that the page is for everyone.
    /// </summary>
    public void GreetsEveryonePublicly() =>
        Answers(request => Greeting(request).With("Cache-Control", "public, max-age=600"));

    /// <summary>Who the origin thought it was talking to, and how many requests it had had by then.</summary>
    public OriginResponse Greeting(OriginRequest request) =>
        OriginResponse.Text(
            $"hello {request.Cookie("session") ?? "stranger"}, {request.Method} {request.Target}, answer "
                + $"{Fetches.Count}");

    public Task<RawResponse> GetAsync(string target, params (string Name, string Value)[] headers) =>
        SendAsync("GET", target, headers);

    public Task<RawResponse> GetAsAsync(string user, string target, params (string Name, string Value)[] headers) =>
        SendAsync("GET", target, [.. headers, ("Cookie", $"theme=dark; session={user}")]);

    public Task<RawResponse> SendAsync(string method, string target, params (string Name, string Value)[] headers) =>
        headers.Any(h => h.Name == "Host")
            ? RawHttp.SendAsync(rig.Varnish.HttpPort, method, target, headers)
            : RawHttp.SendAsync(rig.Varnish.HttpPort, method, target, [("Host", host), .. headers]);

    public Task<RawResponse> SendTextAsync(string request) =>
        RawHttp.SendAsync("127.0.0.1", rig.Varnish.HttpPort, request);
}
