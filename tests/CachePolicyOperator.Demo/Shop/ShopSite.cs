using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace CachePolicyOperator.Demo.Shop;

/// <summary>
/// A small shop with a My Page behind logins. Like the site of 2018 it says nothing about caching on My Page, so it
/// relies on the cache in front of it to know better.
/// </summary>
internal static class ShopSite
{
    private const string SessionCookie = "session";

    /// <summary>Serves the shop on <paramref name="listen"/> (<c>address:port</c>) until cancelled.</summary>
    public static async Task ServeAsync(string listen, CancellationToken cancellationToken)
    {
        var sessions = new ConcurrentDictionary<string, string>();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPEndPoint.Parse(listen)));
        var shop = builder.Build();

        shop.MapGet("/healthz", () => "ok");
        shop.MapGet("/", () => Page("Northwind Loans", "<a href=/mypage>My Page</a>"));
        shop.MapGet("/static/app.css", (HttpResponse response) =>
        {
            response.Headers.CacheControl = "public, max-age=3600";
            return Results.Text("body { font-family: sans-serif }", "text/css");
        });
        shop.MapGet("/funds", (HttpResponse response) =>
        {
            response.Headers.CacheControl = "public, max-age=60";
            return Page("Funds", "<ul><li>Andes microcredit</li><li>Baltic homes</li></ul>");
        });
        shop.MapPost("/login/{customer}", (string customer, HttpResponse response) =>
        {
            var session = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
            sessions[session] = customer;
            response.Headers.SetCookie = $"{SessionCookie}={session}; Path=/; HttpOnly; SameSite=Lax";
            return Results.Text($"welcome, {customer}");
        });
        shop.MapGet("/mypage", async (HttpRequest request) =>
        {
            // What the database takes.
            await Task.Delay(TimeSpan.FromMilliseconds(30), TimeProvider.System, request.HttpContext.RequestAborted);
            return request.Cookies[SessionCookie] is { } session && sessions.TryGetValue(session, out var customer)
                ? Page("My Page", $"<p>This page belongs to <b>{customer}</b>.</p><p>Balance: {BalanceOf(customer)}</p>")
                : Results.Redirect("/");
        });

        await shop.StartAsync(cancellationToken);
        await shop.WaitForShutdownAsync(cancellationToken);
    }

    private static IResult Page(string title, string body) =>
        Results.Text($"<!doctype html><title>{title}</title><h1>{title}</h1>{body}", "text/html");

    private static string BalanceOf(string customer) => $"EUR {1000 + (customer.Length * 137)}.00";
}
