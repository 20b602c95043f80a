using System.Text.RegularExpressions;
using CachePolicyOperator.TestStage;

namespace CachePolicyOperator.Demo.Play;

/// <summary>A customer of the shop with an own session, who can tell whose page came back.</summary>
internal sealed partial class Customer(string name, Uri site) : IDisposable
{
    private readonly HttpClient _client = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        CookieContainer = new System.Net.CookieContainer(),
    })
    { BaseAddress = site };

    public string Name => name;

    public async Task LogInAsync(CancellationToken cancellationToken)
    {
        using var answer =
            await _client.PostAsync(new Uri($"/login/{name}", UriKind.Relative), null, cancellationToken);
        answer.EnsureSuccessStatusCode();
    }

    /// <summary>Gets <paramref name="path"/> through the front door.</summary>
    public async Task<Visit> GetAsync(string path, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(path, UriKind.Relative));
        request.Headers.Host = Storefront.Host;
        using var answer = await _client.SendAsync(request, cancellationToken);
        var body = await answer.Content.ReadAsStringAsync(cancellationToken);
        var owner = Owner().Match(body);
        var cacheStatus = answer.Headers.TryGetValues("Cache-Status", out var values) ? string.Join(", ", values)
            : null;
        var hit = answer.Headers.TryGetValues("X-Varnish", out var ids)
            && ids.Any(id => id.Contains(' ', StringComparison.Ordinal));
        return new Visit((int)answer.StatusCode, owner.Success ? owner.Groups[1].Value : null, hit,
            answer.Headers.Contains("X-Varnish"), cacheStatus);
    }

    public void Dispose() => _client.Dispose();

    [GeneratedRegex("belongs to <b>([a-z]+)</b>")]
    private static partial Regex Owner();
}

/// <summary>What a customer saw.</summary>
/// <param name="Owner">Whose My Page it was; null where it was none.</param>
/// <param name="Hit">Whether it came from the shared cache, as varnishd's own <c>X-Varnish</c> says.</param>
/// <param name="ThroughVarnish">Whether Varnish was in the path at all.</param>
internal sealed record Visit(int Status, string? Owner, bool Hit, bool ThroughVarnish, string? CacheStatus)
{
    public string Describe() =>
        Owner is null ? $"no My Page but status {Status}{(ThroughVarnish ? " of varnishd" : string.Empty)}"
        : $"the page of {Owner}";
}
