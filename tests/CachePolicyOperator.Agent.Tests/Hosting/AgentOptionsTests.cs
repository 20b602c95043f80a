using CachePolicyOperator.Agent.Hosting;

namespace CachePolicyOperator.Agent.Tests.Hosting;

public sealed class AgentOptionsTests
{
    [Fact]
    public void The_command_line_wins_over_the_environment_and_both_over_the_defaults()
    {
        var options = AgentOptions.Read(
            ["--varnish-admin", "varnish:6082", "--state=/state"],
            name => name switch
            {
                "CACHEPOLICY_AGENT_VARNISH_ADMIN" => "other:1",
                "CACHEPOLICY_AGENT_SECRET_FILE" => "/secret",
                _ => null,
            },
            out _);

        Assert.Equal(("varnish", 6082), (options!.VarnishHost, options.VarnishPort));
        Assert.Equal(("/secret", "/state", 8443), (options.SecretFile, options.StateDirectory, options.Listen.Port));
    }

    [Fact]
    public void Metrics_have_a_port_unless_nobody_wants_them()
    {
        Assert.Equal(8082, AgentOptions.Read([], _ => null, out _)!.Metrics!.Port);
        Assert.Null(AgentOptions.Read(["--metrics=none"], _ => null, out _)!.Metrics);
    }

    [Theory]
    [InlineData("--nonsense=1", "unknown option")]
    [InlineData("nonsense", "unknown option")]
    [InlineData("--state", "needs a value")]
    [InlineData("--listen=8443", "not IP:PORT")]
    [InlineData("--metrics=on", "not IP:PORT")]
    [InlineData("--log-format=xml", "neither text nor json")]
    [InlineData("--varnish-admin=varnish", "not HOST:PORT")]
    [InlineData("--varnish-admin=varnish:x", "not HOST:PORT")]
    public void What_cannot_be_read_is_said(string argument, string words)
    {
        Assert.Null(AgentOptions.Read([argument], _ => null, out var problem));
        Assert.Contains(words, problem);
    }

    [Fact]
    public void Every_option_is_in_the_help()
    {
        string[] known =
            ["varnish-admin", "secret-file", "varnish-name", "listen", "health", "metrics", "certificate", "state"];
        foreach (var option in known)
        {
            Assert.Contains($"--{option} ", AgentOptions.Help);
            Assert.NotNull(AgentOptions.Read([$"--{option}", "127.0.0.1:1"], _ => null, out _));
        }
    }
}
