using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace CachePolicyOperator.Shop;

/// <summary>
/// A small shop with a My Page behind logins. Like the site of 2018 it says nothing about caching on My Page, so it
/// relies on the cache in front of it to know better. A session tells by itself whose it is, so that it outlives the
/// process.
/// </summary>
internal static class ShopSite
{
    private const string SessionCookie = "session";

    // Nobody's secret: the shop is a stage set.
    private static readonly byte[] Key = Encoding.UTF8.GetBytes("northwind");

    /// <summary>Serves the shop on <paramref name="listen"/> (<c>address:port</c>) until cancelled.</summary>
    public static async Task ServeAsync(string listen, CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPEndPoint.Parse(listen)));
        var shop = builder.Build();
        var greetsBySlip = false;

        shop.MapGet("/healthz", () => "ok");
        shop.MapGet("/", () => Page("Northwind Loans", "<a href=/mypage>My Page</a>"));
        shop.MapGet("/static/app.css", (HttpResponse response) =>
        {
            response.Headers.CacheControl = "public, max-age=3600";
            response.Headers["Surrogate-Key"] = "sheets";
            return Results.Text("body { font-family: sans-serif }", "text/css");
        });
        shop.MapGet("/funds", (HttpRequest request, HttpResponse response) =>
        {
            response.Headers.CacheControl = "public, max-age=60";
            var greeting = greetsBySlip && CustomerOf(request) is { } customer
                ? $"<p>This page belongs to <b>{customer}</b>.</p>" : "";
            if (greeting.Length > 0)
            {
                response.Headers.SetCookie = $"{SessionCookie}={request.Cookies[SessionCookie]}; Path=/";
            }

            return Page("Funds", greeting + "<ul><li>Andes microcredit</li><li>Baltic homes</li></ul>");
        });
        // A release of the shop that greets customers by name on a page that everybody may store.
        shop.MapPost("/slip/{on:bool}", (bool on) => $"{greetsBySlip = on}");
        shop.MapPost("/login/{customer}", (string customer, HttpResponse response) =>
        {
            response.Headers.SetCookie = $"{SessionCookie}={SessionOf(customer)}; Path=/; HttpOnly; SameSite=Lax";
            return Results.Text($"welcome, {customer}");
        });
        shop.MapGet("/mypage", async (HttpRequest request) =>
        {
            // What the database takes.
            await Task.Delay(TimeSpan.FromMilliseconds(30), TimeProvider.System, request.HttpContext.RequestAborted);
            return CustomerOf(request) is { } customer
                ? Page("My Page",
                    $"<p>This page belongs to <b>{customer}</b>.</p><p>Balance: {BalanceOf(customer)}</p>")
                : Results.Redirect("/");
        });

        await shop.StartAsync(cancellationToken);
        await shop.WaitForShutdownAsync(cancellationToken);
    }

    private static string SessionOf(string customer) =>
        $"{customer}-{Convert.ToHexStringLower(HMACSHA256.HashData(Key, Encoding.UTF8.GetBytes(customer)))[..16]}";

    private static string? CustomerOf(HttpRequest request) =>
        request.Cookies[SessionCookie]?.Split('-') is [var customer, _]
            && request.Cookies[SessionCookie] == SessionOf(customer) ? customer : null;

    private static IResult Page(string title, string body) =>
        Results.Text($"<!doctype html><title>{title}</title><h1>{title}</h1>{body}", "text/html");

    private static string BalanceOf(string customer) => $"EUR {1000 + (customer.Length * 137)}.00";
}
