using CachePolicyOperator.Cli.Replay;
using CachePolicyOperator.TestCluster;

namespace CachePolicyOperator.Cli.Tests.Replay;

public sealed class InstalledEngineTests
{
    [Theory]
    [InlineData("varnishd (varnish-7.1.1 revision 7cee1c5)", "Varnish 7.1")]
    [InlineData("varnishd (varnish-7.7.0 revision 71fc9d2)", "Varnish 7.7")]
    [InlineData("vinyld (vinyl-cache-9.0.1 revision 423648c)", "Vinyl Cache 9.0")]
    // Of these no proof is: the newest is asked about.
    [InlineData("varnishd (varnish-6.0.8 revision 97e54ad)", "Vinyl Cache 9.0")]
    [InlineData("varnishd (varnish-plus-6.0.13 revision 97e54ad)", "Vinyl Cache 9.0")]
    [InlineData("no such thing", "Vinyl Cache 9.0")]
    public void What_is_installed_is_asked_about(string said, string expected) =>
        Assert.Equal(expected, InstalledEngine.Of(said).Name);

    [Fact]
    public void The_program_that_would_replay_is_asked() =>
        Assert.Equal(Engine.Version,
            InstalledEngine.OrNewest(name => name == "VARNISHD" ? Assets.VarnishD : null).ToString());

    [Fact]
    public void Where_nothing_is_installed_the_newest_is_asked_about() =>
        Assert.Equal("Vinyl Cache 9.0", InstalledEngine.OrNewest(name => name == "VARNISHD" ? "/nowhere" : null).Name);
}
