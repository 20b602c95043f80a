using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using CachePolicyOperator.TestCluster;

namespace CachePolicyOperator.TestStage.Traffic;

/// <summary>Asks for every page a few times a second, through one door, and keeps every answer.</summary>
public sealed partial class SteadyClient : IAsyncDisposable
{
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(150);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private readonly ConcurrentQueue<Answer> _answers = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly HttpClient _http;
    private readonly Func<TimeSpan> _now;
    private readonly Task _work;
    private readonly Dictionary<Page, string> _cookies;

    private SteadyClient(HttpClient http, Dictionary<Page, string> cookies, Func<TimeSpan> now)
    {
        (_http, _cookies, _now) = (http, cookies, now);
        _work = Task.WhenAll(Enum.GetValues<Page>().Select(AskForEverAsync));
    }

    public IReadOnlyCollection<Answer> Answers => _answers;

    /// <summary>Logs both customers in and begins to ask.</summary>
    public static async Task<SteadyClient> StartAsync(Uri door, Func<TimeSpan> now, CancellationToken cancellationToken)
    {
        var http =
            new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, UseProxy = false })
            {
                BaseAddress = door,
                Timeout = Patience,
            };
        var cookies = new Dictionary<Page, string>();
        foreach (var page in new[] { Page.Alice, Page.Bob })
        {
            using var request = new HttpRequestMessage(HttpMethod.Post,
                new Uri($"/login/{page.ToString().ToLowerInvariant()}", UriKind.Relative));
            request.Headers.Host = Storefront.Host;
            using var answer = await http.SendAsync(request, cancellationToken);
            cookies[page] = answer.EnsureSuccessStatusCode().Headers.GetValues("Set-Cookie").Single().Split(';')[0];
        }

        return new SteadyClient(http, cookies, now);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _work;
        _http.Dispose();
        _stop.Dispose();
    }

    private async Task AskForEverAsync(Page page)
    {
        while (!_stop.IsCancellationRequested)
        {
            var asked = _now();
            var answer = await AskAsync(page, asked);
            if (!_stop.IsCancellationRequested)
            {
                _answers.Enqueue(answer);
                await Task.Delay(Period, TimeProvider.System, _stop.Token)
                    .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task<Answer> AskAsync(Page page, TimeSpan asked)
    {
        var path = page switch { Page.Asset => "/static/app.css", Page.Catalogue => "/funds", _ => "/mypage" };
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(path, UriKind.Relative));
        request.Headers.Host = Storefront.Host;
        if (_cookies.TryGetValue(page, out var cookie))
        {
            request.Headers.Add("Cookie", cookie);
        }

        try
        {
            using var answer = await _http.SendAsync(request, _stop.Token);
            var owner = Owner().Match(await answer.Content.ReadAsStringAsync(_stop.Token));
            var isThrough = answer.Headers.TryGetValues(Engine.NumberField, out var ids);
            return new Answer(
                asked, _now(), page, (int)answer.StatusCode, owner.Success ? owner.Groups[1].Value : null,
                isThrough && ids!.Any(id => id.Contains(' ', StringComparison.Ordinal)), isThrough);
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException or OperationCanceledException)
        {
            return new Answer(asked, _now(), page, 0, null, false, false);
        }
    }

    [GeneratedRegex("belongs to <b>([a-z]+)</b>")]
    private static partial Regex Owner();
}
