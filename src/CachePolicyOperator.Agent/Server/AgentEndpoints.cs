using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using CachePolicyOperator.Agent.Events;
using CachePolicyOperator.Agent.Orders;
using CachePolicyOperator.Agent.Switching;
using CachePolicyOperator.Agent.Trials;
using CachePolicyOperator.Agent.Varnish;
using CachePolicyOperator.Core;
using CachePolicyOperator.Core.AgentProtocol;
using CachePolicyOperator.Core.Invalidations;
using Microsoft.AspNetCore.Connections.Features;

namespace CachePolicyOperator.Agent.Server;

/// <summary>The addresses of <see cref="AgentApi"/>, and of the health probes on the plain port.</summary>
internal sealed class AgentEndpoints(
    OperatorOrders orders,
    GuardOrders guards,
    TrialBook trials,
    PodStatus status,
    EventLog events,
    IHostApplicationLifetime lifetime,
    ILogger<AgentEndpoints> logger)
{
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(5);

    public void Map(WebApplication app)
    {
        // What came without TLS came through the health port: it learns whether the pod is ready and nothing else.
        app.Use(async (context, next) =>
        {
            var isPlain = context.Features.Get<ITlsHandshakeFeature>() is null;
            if (isPlain != context.Request.Path.Value is "/healthz" or "/readyz")
            {
                context.Response.StatusCode = StatusCodes.Status404NotFound;
                return;
            }

            await next(context);
        });
        app.MapGet("/healthz", () => Results.Text("ok\n"));
        app.MapGet("/readyz", () => status.IsReady
            ? Results.Text("ready\n")
            : Results.Text("varnishd does not serve with a proven VCL, or is not watched\n", statusCode: 503));
        app.MapGet("/v1/status", () => Results.Json(status.Read(), AgentApi.Message<AgentStatus>()));
        app.MapPut("/v1/guard", (HttpContext context) => CarryOutAsync<GuardConfiguration>(
            context, (guard, _) =>
            {
                guards.Put(guard);
                return Task.CompletedTask;
            }));
        app.MapPut("/v1/revisions/{digest}", (HttpContext context, string digest) => CarryOutAsync<RevisionPackage>(
            context, (package, cancellation) => orders.PutRevisionAsync(Named(digest), package, cancellation)));
        app.MapPut("/v1/active", (HttpContext context) => CarryOutAsync<Activation>(
            context, (activation, cancellation) => orders.ActivateAsync(activation.Digest, cancellation)));
        app.MapPut("/v1/level", (HttpContext context) =>
            CarryOutAsync<LevelOrder>(context, orders.OrderLevelAsync));
        app.MapPost("/v1/purge", (HttpContext context) =>
            AnswerAsync(context, () => orders.PurgeAsync(context.RequestAborted)));
        app.MapPost("/v1/invalidations", (HttpContext context) =>
            CarryOutAsync<StoredPages>(context, orders.InvalidateAsync));
        app.MapPut("/v1/trial", (HttpContext context) => CarryOutAsync<TrialOrder>(
            context, (trial, _) =>
            {
                trials.Put(trial);
                return Task.CompletedTask;
            }));
        app.MapDelete("/v1/trial", (HttpContext context) => AnswerAsync(context, () =>
        {
            trials.End();
            return Task.CompletedTask;
        }));
        app.MapGet("/v1/events", (HttpContext context, long? after) => StreamAsync(context, after ?? 0));
    }

    private static Digest Named(string digest) => Digest.Read(digest) ?? throw new RefusedException(
        422, "revision/digest-mismatch", $"the address says `{digest}`, which is no digest");

    private Task CarryOutAsync<T>(HttpContext context, Func<T, CancellationToken, Task> order)
        where T : class =>
        AnswerAsync(context, async () =>
        {
            var body = await ReadAsync<T>(context);

            // An order that was begun is finished: varnishd and the state directory must not be left between two acts
            // because a client went away.
            await order(body, CancellationToken.None);
        });

    private static async Task<T> ReadAsync<T>(HttpContext context)
        where T : class
    {
        try
        {
            var body = await JsonSerializer.DeserializeAsync(
                context.Request.Body, (JsonTypeInfo<T>)Strict.GetTypeInfo(typeof(T)), context.RequestAborted);
            return body ?? throw new RefusedException(400, "request/malformed", "the body is `null`");
        }
        catch (JsonException e)
        {
            throw new RefusedException(400, "request/malformed", e.Message);
        }
        catch (BadHttpRequestException e)
        {
            var code = e.StatusCode == 413 ? "request/too-large" : "request/malformed";
            throw new RefusedException(e.StatusCode, code, e.Message);
        }
    }

    // A missing field must not become a null inside: what the records demand is demanded of the wire.
    private static JsonSerializerOptions Strict { get; } = new(AgentApi.Json)
    {
        RespectNullableAnnotations = true,
        TypeInfoResolver = AgentApi.Json.TypeInfoResolver!.WithAddedModifier(RequireWhatIsNotNullable),
    };

    private static void RequireWhatIsNotNullable(JsonTypeInfo type)
    {
        foreach (var property in type.Properties)
        {
            property.IsRequired = property.AssociatedParameter is { IsNullable: false, HasDefaultValue: false };
        }
    }

    private async Task AnswerAsync(HttpContext context, Func<Task> act)
    {
        try
        {
            await act();
            context.Response.StatusCode = StatusCodes.Status204NoContent;
        }
        catch (RefusedException e)
        {
            logger.OrderRefused(context.Request.Path, e.Error.Code);
            await RefuseAsync(context, e.Status, e.Error);
        }
        catch (VarnishUnavailableException e)
        {
            await RefuseAsync(context, 503, new AgentError("varnish/unavailable", e.Message));
        }
        catch (CliRefusedException e)
        {
            await RefuseAsync(context, 503, new AgentError("varnish/refused", e.Message));
        }
    }

    private static async Task RefuseAsync(HttpContext context, int status, AgentError error)
    {
        context.Response.StatusCode = status;
        await context.Response.WriteAsJsonAsync(
            error, AgentApi.Message<AgentError>(), cancellationToken: context.RequestAborted);
    }

    private async Task StreamAsync(HttpContext context, long after)
    {
        using var ending =
            CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, lifetime.ApplicationStopping);
        context.Response.ContentType = "application/x-ndjson";
        try
        {
            await foreach (var item in events.ReadAsync(after, Heartbeat, ending.Token))
            {
                if (item is not null)
                {
                    await JsonSerializer.SerializeAsync(
                        context.Response.Body, item, AgentApi.Message<AgentEvent>(), ending.Token);
                }

                await context.Response.Body.WriteAsync("\n"u8.ToArray(), ending.Token);
                await context.Response.Body.FlushAsync(ending.Token);
            }
        }
        catch (OperationCanceledException)
        {
            // The reader left, or the agent ends.
        }
    }
}
