using CachePolicyOperator.Runtime.Hosting;
using CachePolicyOperator.Runtime.Options;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;

namespace CachePolicyOperator.Runtime.Tests.Hosting;

public sealed class ServerConfigurationTests
{
    /// <summary>The most that Kubernetes lets a webhook's timeout be.</summary>
    private static readonly TimeSpan LongestTimeout = TimeSpan.FromSeconds(30);

    [Fact]
    public void A_review_that_comes_slowly_from_a_busy_API_server_is_not_given_up_before_it_gives_up_itself()
    {
        using var services = new ServiceCollection().BuildServiceProvider();
        var kestrel = new KestrelServerOptions { ApplicationServices = services };

        new ServerConfiguration(new RuntimeOptions { Name = "test" }, services).Configure(kestrel);

        Assert.All(
            new[] { kestrel.Limits.MinRequestBodyDataRate, kestrel.Limits.MinResponseDataRate },
            rate => Assert.True(rate!.GracePeriod >= LongestTimeout));
    }
}
