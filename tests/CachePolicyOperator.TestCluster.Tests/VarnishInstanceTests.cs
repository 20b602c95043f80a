namespace CachePolicyOperator.TestCluster.Tests;

public sealed class VarnishInstanceTests
{
    [Fact]
    public async Task It_is_a_real_cache_the_second_answer_comes_from_memory()
    {
        await using var origin =
            await HttpOrigin.StartAsync(_ => OriginResponse.Text("hello").With("Cache-Control", "max-age=60"));
        await using var varnish = await VarnishInstance.StartAsync(VarnishInstance.Backend(origin.Port));

        await RawHttp.GetAsync(varnish.HttpPort, "/a");
        var second = await RawHttp.GetAsync(varnish.HttpPort, "/a");

        Assert.Equal("hello", second.Text);
        Assert.Single(origin.Requests);
    }

    [Fact]
    public async Task Vcl_that_is_used_later_takes_over()
    {
        await using var varnish = await VarnishInstance.StartAsync();
        Assert.Equal(503, (await RawHttp.GetAsync(varnish.HttpPort, "/")).Status);

        await varnish.UseAsync("vcl 4.1; backend default none; sub vcl_recv { return (synth(204)); }");

        Assert.Equal(204, (await RawHttp.GetAsync(varnish.HttpPort, "/")).Status);
    }

    [Fact]
    public async Task Its_log_can_be_read()
    {
        await using var varnish = await VarnishInstance.StartAsync();
        await RawHttp.GetAsync(varnish.HttpPort, "/logged");

        await Eventually.TrueAsync(
            "the request to be logged",
            async _ =>
                (await varnish.LogAsync("-q", "ReqURL eq \"/logged\""))
                .Any(line => line.Contains("RespStatus", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Vcl_that_does_not_compile_is_refused_with_the_compilers_words()
    {
        await using var varnish = await VarnishInstance.StartAsync();

        var refused = await Assert.ThrowsAsync<InvalidOperationException>(() => varnish.UseAsync("vcl 4.1; nonsense"));

        Assert.Contains("nonsense", refused.Message, StringComparison.Ordinal);
    }
}
