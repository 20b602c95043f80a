using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.ApplicationParts;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace CachePolicyOperator.Origins.Running;

/// <summary>Real Kestrel in this process, with the default route of controllers and with endpoints.</summary>
public sealed class AspNetCoreOrigin : IAsyncDisposable
{
    private readonly WebApplication _application;

    private AspNetCoreOrigin(WebApplication application) => _application = application;

    public int Port => new Uri(_application.Urls.Single()).Port;

    public static async Task<AspNetCoreOrigin> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        builder.Services.AddControllers().ConfigureApplicationPartManager(parts =>
        {
            parts.ApplicationParts.Clear();
            parts.ApplicationParts.Add(new AssemblyPart(typeof(AccountController).Assembly));
        });
        var application = builder.Build();
        application.MapGet("/mypage", () => "personal:mypage");
        application.MapGet("/area/orders", () => "personal:area");
        application.MapControllerRoute("default", "{controller=Home}/{action=Index}/{id?}");
        application.MapFallback(() => "public");
        await application.StartAsync();
        return new AspNetCoreOrigin(application);
    }

    public async ValueTask DisposeAsync() => await _application.DisposeAsync();
}

/// <summary>The personal controller.</summary>
public sealed class AccountController : ControllerBase
{
    private const string Text = "personal:account";

    public ContentResult Index() => Content(Text);
}
