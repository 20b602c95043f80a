extern alias aot;

using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using aot::k8s;

namespace CachePolicyOperator.Cli.Cluster;

/// <summary>
/// The few requests of this tool to an API server, over the connection that a kubeconfig describes. What is not
/// answered well is an <see cref="ApiServerException"/>.
/// </summary>
internal sealed class ApiServer(Kubernetes client, string? serverName)
{
    public async Task<T> GetAsync<T>(string path, JsonTypeInfo<T> type, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(client.BaseUri, path));
        return JsonSerializer.Deserialize(await SendAsync(request, cancellationToken), type)
            ?? throw new HttpRequestException("the answer is `null`");
    }

    /// <summary>Creates an object; gives it as the server stored it.</summary>
    public async Task<T> PostAsync<T>(string path, T body, JsonTypeInfo<T> type, CancellationToken cancellationToken)
    {
        using var request =
            new HttpRequestMessage(HttpMethod.Post, new Uri(client.BaseUri, $"{path}?fieldManager=cachepolicy-cli"))
            {
                Content = new StringContent(JsonSerializer.Serialize(body, type), Encoding.UTF8, "application/json"),
            };
        return JsonSerializer.Deserialize(await SendAsync(request, cancellationToken), type)
            ?? throw new HttpRequestException("the answer is `null`");
    }

    /// <param name="format">The media type of the patch.</param>
    public async Task PatchAsync(string path, string patch, string format, CancellationToken cancellationToken)
    {
        using var request =
            new HttpRequestMessage(HttpMethod.Patch, new Uri(client.BaseUri, $"{path}?fieldManager=cachepolicy-cli"))
            {
                Content = new StringContent(patch, Encoding.UTF8, new MediaTypeHeaderValue(format)),
            };
        await SendAsync(request, cancellationToken);
    }

    /// <summary>Whatever is answered, well or not.</summary>
    /// <param name="content">What is posted, as JSON; null to get.</param>
    public async Task<ApiAnswer> AskAsync(string path, string? content, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(
            content is null ? HttpMethod.Get : HttpMethod.Post, new Uri(client.BaseUri, path));
        request.Content = content is null ? null : new StringContent(content, Encoding.UTF8, "application/json");
        using var response = await AnswerAsync(request, cancellationToken);
        var text = await response.Content.ReadAsStringAsync(cancellationToken);
        return new ApiAnswer(
            response.StatusCode, response.Headers.Date, ApiAnswer.Read(text),
            response.IsSuccessStatusCode ? "" : new ApiServerException(response.StatusCode, text).Message);
    }

    private async Task<string> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        using var response = await AnswerAsync(request, cancellationToken);
        var content = await response.Content.ReadAsStringAsync(cancellationToken);
        return response.IsSuccessStatusCode ? content : throw new ApiServerException(response.StatusCode, content);
    }

    private async Task<HttpResponseMessage> AnswerAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (client.Credentials is { } credentials)
        {
            await credentials.ProcessHttpRequestAsync(request, cancellationToken);
        }

        request.Headers.Host = string.IsNullOrWhiteSpace(serverName) ? null : serverName;
        return await client.HttpClient.SendAsync(request, cancellationToken);
    }
}
