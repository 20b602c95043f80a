using System.Text.Json.Nodes;
using CachePolicyOperator.Core.Invalidations;
using CachePolicyOperator.Entities;
using CachePolicyOperator.Runtime.Abstractions;
using CachePolicyOperator.Runtime.Webhooks;
using Microsoft.AspNetCore.Http.Features;

namespace CachePolicyOperator.Operator.Invalidations;

/// <summary>
/// Requests with the method <c>PURGE</c>, as plugins send them to a Varnish: the target is the page, and `Host` says
/// whose. Who asks shows the token of a service account; meant are those policies of its namespace that have the host
/// and that it may `purge`. Addresses say nothing of who asks.
/// </summary>
internal sealed class PurgeMethod(IEntityStore<CachePolicy> policies, PurgeCallers callers, PurgeOrders orders)
{
    private const string ServiceAccount = "system:serviceaccount:";

    // Plugins take anything but 200 for an error, and editors wait for it.
    private static readonly TimeSpan Wait = TimeSpan.FromSeconds(2);

    public void Map(IApplicationBuilder application) => application.MapWhen(
        http => string.Equals(http.Request.Method, PurgeRequest.Method, StringComparison.Ordinal),
        branch => branch.Run(AnswerAsync));

    private async Task AnswerAsync(HttpContext http)
    {
        var answer = await PurgeCallers.AnswerAsync(http, () => HandleAsync(http));
        await answer.ExecuteAsync(http);
    }

    private async Task<IResult> HandleAsync(HttpContext http)
    {
        var (user, refusal) = await callers.WhoAsync(http);
        if (user is null)
        {
            return refusal!;
        }

        if (callers.TooOften(http, user) is { } later)
        {
            return later;
        }

        var host = http.Request.Host.Host.ToLowerInvariant();
        var meant = await MeantAsync(user, host, http.RequestAborted);
        if (meant.Count == 0)
        {
            return PurgeRefusals.Of(StatusCodes.Status403Forbidden,
                $"user `{user.Name}` may `{PurgeCallers.Verb}` no CachePolicy of his namespace that has host `{host}`; "
                    + "give his service account a role with that verb there");
        }

        var target = http.Features.Get<IHttpRequestFeature>()?.RawTarget ?? "";
        var asked = PurgeRequest.Read(host, target, name => Field(http, name));
        return asked.Pages is { } pages
            ? await PurgeAsync(meant, pages, http.RequestAborted)
            : PurgeRefusals.NothingInvalidated(asked.Problem!);
    }

    /// <summary>
    /// Of the caller's own namespace alone: whoever writes policies elsewhere may write any host into them.
    /// </summary>
    private async Task<IReadOnlyList<NamespacedName>> MeantAsync(
        AdmissionUser user, string host, CancellationToken cancellationToken)
    {
        if (!user.Name.StartsWith(ServiceAccount, StringComparison.Ordinal))
        {
            return [];
        }

        var @namespace = user.Name[ServiceAccount.Length..].Split(':')[0];
        var meant = new List<NamespacedName>();
        foreach (var policy in policies.Where(p => p.Metadata.NamespaceProperty == @namespace
            && p.Spec?.Hosts?.Contains(host, StringComparer.OrdinalIgnoreCase) == true))
        {
            if (await callers.MayAsync(user, NamespacedName.Of(policy), cancellationToken))
            {
                meant.Add(NamespacedName.Of(policy));
            }
        }

        return meant;
    }

    private async Task<IResult> PurgeAsync(
        IReadOnlyList<NamespacedName> meant, StoredPages pages, CancellationToken cancellationToken)
    {
        var made = new List<NamespacedName>();
        foreach (var policy in meant)
        {
            // What is wrong with the pages is wrong for the first already.
            var (name, refusal) = await orders.OrderAsync(policy, Spec(pages), cancellationToken);
            if (name is not { } ordered)
            {
                return refusal!;
            }

            made.Add(ordered);
        }

        var progress = await Task.WhenAll(made.Select(m => orders.ProgressAsync(m, Wait, cancellationToken)));
        return Results.Json(progress, statusCode: PurgeProgress.StatusOf(progress.All(p => p.HasEnded)));
    }

    private static JsonObject Spec(StoredPages pages)
    {
        var spec = new JsonObject();
        Add("hosts", pages.Hosts.Items);
        Add("paths", pages.Paths.Items);
        Add("pathPrefixes", pages.PathPrefixes.Items);
        Add("tags", pages.Tags.Items);
        if (spec.Count == 0)
        {
            spec["all"] = true;
        }

        return spec;

        void Add(string field, IEnumerable<string> values)
        {
            JsonNode?[] nodes = [.. values.Select(v => JsonValue.Create(v))];
            if (nodes.Length > 0)
            {
                spec[field] = new JsonArray(nodes);
            }
        }
    }

    private static string? Field(HttpContext http, string name) =>
        http.Request.Headers.TryGetValue(name, out var values) ? values.ToString() : null;
}
