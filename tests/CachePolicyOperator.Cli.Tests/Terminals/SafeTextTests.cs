using CachePolicyOperator.Cli.Terminals;

namespace CachePolicyOperator.Cli.Tests.Terminals;

public sealed class SafeTextTests
{
    [Fact]
    public void Lines_of_others_stay_lines_and_steer_no_terminal() =>
        Assert.Equal("refused:\n* spec.paths[0]\\x1b[2J\\x0d\n    help",
            SafeText.OfLines("refused:\n* spec.paths[0]\x1b[2J\r\n    help"));
}
