using System.Text.Json;
using CachePolicyOperator.Runtime.Client;
using CachePolicyOperator.Runtime.Metrics;
using CachePolicyOperator.Runtime.Options;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;

namespace CachePolicyOperator.Runtime.Webhooks;

/// <summary>Answers one admission request: always, in time, and with a refusal when the handler fails.</summary>
internal sealed class WebhookEndpoint(
    IWebhookHandler handler, RuntimeOptions options, BodyAllowance allowance, TimeProvider time,
        ILogger<WebhookEndpoint> logger)
{
    /// <summary>The largest object etcd is commonly allowed to hold is 3 MB, and an update carries two.</summary>
    public const long LargestBody = 10 * 1024 * 1024;

    public async Task HandleAsync(HttpContext http)
    {
        // Not on the port of the probes: what is asked and answered is for the API server only.
        if (!http.Request.IsHttps)
        {
            http.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        // From now on, for the API server counts the time that the object takes to be read, too.
        using var budget = new CancellationTokenSource(options.WebhookBudget, time);
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
            limit.MaxRequestBodySize = LargestBody;
        var size = http.Request.ContentLength ?? LargestBody;
        if (!allowance.TryTake(size))
        {
            await RefuseUnreadAsync(http);
            return;
        }

        try
        {
            await ReviewAsync(http, budget.Token);
        }
        finally
        {
            allowance.GiveBack(size);
        }
    }

    private async Task ReviewAsync(HttpContext http, CancellationToken budget)
    {
        JsonDocument review;
        try
        {
            review = await JsonDocument.ParseAsync(
                http.Request.Body, JsonElementExtensions.AnyDepth, http.RequestAborted);
        }
        catch (JsonException)
        {
            await RefuseAsync(http, StatusCodes.Status400BadRequest, "the body is no JSON");
            return;
        }
        catch (BadHttpRequestException error)
        {
            await RefuseAsync(http, error.StatusCode, error.Message);
            return;
        }

        using (review)
        {
            if (AdmissionReview.Read(review.RootElement, out var mistake) is not { } context)
            {
                await RefuseAsync(http, StatusCodes.Status400BadRequest, mistake);
                return;
            }

            var began = time.GetTimestamp();
            RuntimeMeter.AdmissionBegan();
            ValidationResult result;
            try
            {
                result = await AnswerAsync(context, budget, http.RequestAborted);
            }
            finally
            {
                RuntimeMeter.AdmissionEnded();
            }

            RuntimeMeter.Answered(handler.Path, Word(result), time.GetElapsedTime(began));
            logger.Answered(handler.Path, context.Operation, context.Namespace, context.Name, result.Valid);
            await WriteAsync(http, context.Uid, result);
        }
    }

    /// <summary>A refusal for what was asked, for want of time, or for a fault of our own.</summary>
    private static string Word(ValidationResult result) => result switch
    {
        { Valid: true } => "allowed",
        { Code: StatusCodes.Status429TooManyRequests or StatusCodes.Status504GatewayTimeout } => "busy",
        { Code: >= StatusCodes.Status500InternalServerError } => "failed",
        _ => "refused",
    };

    private async Task RefuseUnreadAsync(HttpContext http)
    {
        logger.NoRoom(handler.Path);
        if (await ReviewUid.FindAsync(http.Request.Body, http.RequestAborted) is { Length: > 0 } uid)
        {
            await WriteAsync(http, uid, ValidationResult.Fail(
                "the operator has its hands full with other objects, so this one was not looked at; try again in a few "
                    + "seconds",
                StatusCodes.Status429TooManyRequests));
        }
        else
        {
            await RefuseAsync(http, StatusCodes.Status400BadRequest, "no review with a request begins here");
        }
    }

    private static Task WriteAsync(HttpContext http, string uid, ValidationResult result)
    {
        http.Response.ContentType = "application/json";
        return http.Response.WriteAsync(AdmissionReview.Write(uid, result), http.RequestAborted);
    }

    private async Task<ValidationResult> AnswerAsync(
        AdmissionContext context, CancellationToken budget, CancellationToken aborted)
    {
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(budget, aborted);
        // A handler that computes without end must not hold up the answer, so it runs beside it; it may outlive the
        // request, so it gets its own copy of the objects.
        var own = context with { NewObject = Detach(context.NewObject), OldObject = Detach(context.OldObject) };
        var token = linked.Token;
        try
        {
            var answer = await Task.Run(() => handler.HandleAsync(own, token), token).WaitAsync(token);
            // A check that was told to stop, and stopped, has not checked everything.
            token.ThrowIfCancellationRequested();
            return answer;
        }
        catch (OperationCanceledException) when (budget.IsCancellationRequested)
        {
            logger.OverBudget(handler.Path, context.Namespace, context.Name, options.WebhookBudget);
            return ValidationResult.Fail(
                $"the check did not end within {options.WebhookBudget.TotalSeconds:0.#} s, so nothing was proven; try "
                    + "again, or make the object simpler",
                StatusCodes.Status504GatewayTimeout);
        }
        catch (Exception error) when (!aborted.IsCancellationRequested)
        {
            logger.HandlerFailed(error, handler.Path, context.Namespace, context.Name);
            return ValidationResult.Fail(
                $"the check itself failed, so nothing was proven: {error.Message}",
                    StatusCodes.Status500InternalServerError);
        }
    }

    private static JsonElement Detach(JsonElement json) =>
        json.ValueKind == JsonValueKind.Undefined ? json : json.Clone();

    private static Task RefuseAsync(HttpContext http, int status, string message)
    {
        http.Response.StatusCode = status;
        return http.Response.WriteAsync(message, http.RequestAborted);
    }
}
