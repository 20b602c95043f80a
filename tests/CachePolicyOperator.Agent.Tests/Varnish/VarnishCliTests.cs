using System.Text;
using CachePolicyOperator.Agent.Acts;
using CachePolicyOperator.Agent.Tests.Support;
using CachePolicyOperator.Agent.Varnish;
using CachePolicyOperator.Core.Invalidations;
using CachePolicyOperator.TestCluster;

namespace CachePolicyOperator.Agent.Tests.Varnish;

public sealed class VarnishCliTests : IAsyncLifetime
{
    private const string Empty = "vcl 4.1; backend default none; sub vcl_recv { return (synth(200)); }";

    private VarnishInstance _varnish = null!;

    public async Task InitializeAsync() => _varnish = await VarnishInstance.StartAsync(Empty);

    public async Task DisposeAsync() => await _varnish.DisposeAsync();

    [Theory]
    [InlineData("varnish-7.1.1 revision 7cee1c5", "7.1.1")]
    [InlineData("Linux,x86_64,-jnone\nvinyl-cache-9.0.1 revision 423648c\n\nType 'help'", "9.0.1")]
    [InlineData("varnish-9.0.1 revision 423648c", "varnish-9.0.1")]
    [InlineData("varnish-10.2.0 revision 423648c", "varnish-10.2.0")]
    [InlineData("varnish-plus-6.0.13 revision 423648c", "varnish-plus-6.0.13")]
    [InlineData("sshd-9.0", null)]
    public void A_version_of_another_project_than_those_that_proofs_are_about_is_told_with_its_name(
        string banner, string? version) =>
        Assert.Equal(version, VarnishCli.VersionIn(banner));

    [Fact]
    public async Task The_right_secret_is_let_in_and_a_wrong_one_is_not()
    {
        using var right = Cli();
        Assert.StartsWith(Engine.Version, await right.EngineVersionAsync(CancellationToken.None));
        Assert.True(await right.ServesAsync(CancellationToken.None));

        using var directory = new TemporaryDirectory("secret");
        await File.WriteAllTextAsync(directory.File("wrong"), "wrong");
        using var wrong = Cli(secret: directory.File("wrong"));
        var refused = await Assert.ThrowsAsync<VarnishUnavailableException>(
            () => wrong.EngineVersionAsync(CancellationToken.None));
        Assert.Contains("--secret-file", refused.Message);
        using var none = Cli(secret: null);
        await Assert.ThrowsAsync<VarnishUnavailableException>(() => none.EngineVersionAsync(CancellationToken.None));
    }

    [Fact]
    public async Task A_long_text_with_quotes_and_no_line_feed_at_its_end_is_loaded_byte_for_byte_once()
    {
        using var cli = Cli();
        await cli.SetParameterAsync("cli_limit", "64M", CancellationToken.None);
        var line = "# \"quoted\" \\ back \t tab é {\"long\"}\n";
        var text = Empty + "\n" + string.Concat(Enumerable.Repeat(line, 30_000)) + "# end";

        await cli.LoadAsync("cp_long", text, CancellationToken.None);
        await cli.LoadAsync("cp_long", text, CancellationToken.None);

        Assert.Equal(Encoding.UTF8.GetBytes(text), await cli.ShowAsync("cp_long", CancellationToken.None));
        var entry = Assert.Single(await cli.ListAsync(CancellationToken.None), v => v.Name == "cp_long");
        Assert.True(entry is { IsWarm: true, IsActive: false });
    }

    [Fact]
    public async Task A_ban_of_any_words_is_taken_and_seen_until_it_is_worked_off()
    {
        using var cli = Cli();

        foreach (var ban in Bans.Of(
            new StoredPages(["www.example.com"], ["/a b", "/it\"s \\", "/ü~&!"], ["/c"], ["t", "{u}"])))
        {
            await cli.BanAsync(ban, CancellationToken.None);
        }

        var after = await cli.BansAsync(CancellationToken.None);
        // The lurker needs no object for those before the last.
        Assert.InRange(after.Count, 1, 3);
        var now = TimeProvider.System.GetUtcNow();
        Assert.All(after, ban => Assert.InRange(ban.At, now.AddMinutes(-10), now.AddSeconds(1)));
    }

    [Fact]
    public async Task A_load_whose_answer_is_lost_is_known_to_be_done()
    {
        await using var proxy = new CuttingProxy(_varnish.AdminPort, "vcl.inline");
        using var cli = Cli(port: proxy.Port);

        await cli.LoadAsync("cp_lost", Empty, CancellationToken.None);

        Assert.Equal(1, proxy.Cuts);
        Assert.Single(await cli.ListAsync(CancellationToken.None), v => v.Name == "cp_lost");
    }

    [Fact]
    public async Task A_switch_whose_answer_is_lost_is_done()
    {
        await using var proxy = new CuttingProxy(_varnish.AdminPort, "vcl.use");
        using var cli = Cli(port: proxy.Port);
        await cli.LoadAsync("cp_used", Empty, CancellationToken.None);

        await cli.UseAsync("cp_used", CancellationToken.None);

        Assert.Equal(1, proxy.Cuts);
        Assert.True((await cli.ListAsync(CancellationToken.None)).Single(v => v.Name == "cp_used").IsActive);
    }

    [Fact]
    public async Task Our_name_with_another_text_is_replaced()
    {
        using var cli = Cli();
        await _varnish.AdminAsync("vcl.inline", "cp_taken", $"\"{Empty} sub vcl_deliver {{ return (restart); }}\"");

        await cli.LoadAsync("cp_taken", Empty, CancellationToken.None);

        Assert.Equal(Encoding.UTF8.GetBytes(Empty), await cli.ShowAsync("cp_taken", CancellationToken.None));
    }

    [Fact]
    public async Task What_varnishd_refuses_comes_with_its_words()
    {
        using var cli = Cli();

        const string Bad = "vcl 4.1; backend b none; sub vcl_recv { set req.nonsense = 1; }";
        var compile = await Assert.ThrowsAsync<CliRefusedException>(
            () => cli.LoadAsync("cp_bad", Bad, CancellationToken.None));
        Assert.Contains("req.nonsense", compile.Answer);
        await Assert.ThrowsAsync<CliRefusedException>(() => cli.UseAsync("cp_none", CancellationToken.None));
        Assert.Null(await cli.ShowAsync("cp_none", CancellationToken.None));
        await cli.DiscardAsync("cp_none", CancellationToken.None);
    }

    [Fact]
    public async Task A_varnishd_that_was_restarted_is_spoken_to_again()
    {
        using var cli = Cli();
        await cli.ListAsync(CancellationToken.None);

        await _varnish.StopAsync();
        await Assert.ThrowsAsync<VarnishUnavailableException>(() => cli.ListAsync(CancellationToken.None));
        await _varnish.RestartAsync();

        Assert.Single(await cli.ListAsync(CancellationToken.None));
    }

    private VarnishCli Cli(int? port = null) => Cli(_varnish.SecretPath, port);

    private VarnishCli Cli(string? secret, int? port = null) =>
        new(
            new CliEndpoint("127.0.0.1", port ?? _varnish.AdminPort, secret),
            NoFailPoints.Instance,
            TimeProvider.System);
}
