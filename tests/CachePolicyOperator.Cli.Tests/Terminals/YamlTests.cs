using System.Text;
using CachePolicyOperator.Cli.Terminals;
using CachePolicyOperator.Entities.Documents;

namespace CachePolicyOperator.Cli.Tests.Terminals;

public sealed class YamlTests
{
    [Fact]
    public void Blocks_stand_as_kubectl_writes_them() => Assert.Equal(
        """
        a: text
        b:
          c: 1
          d:
          - x
          - e: true
            f:
            - - deep
              - "null"
          - []
        g: {}
        h: null

        """,
        Yaml.Of("""{"a":"text","b":{"c":1,"d":["x",{"e":true,"f":[["deep","null"]]},[]]},"g":{},"h":null}"""));

    [Theory]
    [InlineData("yes")]
    [InlineData("No")]
    [InlineData("n")]
    [InlineData("1e3")]
    [InlineData("0x10")]
    [InlineData("2018-05-01")]
    [InlineData("12:30")]
    [InlineData("~")]
    [InlineData("")]
    [InlineData("a: b")]
    [InlineData("a #b")]
    [InlineData("- a")]
    [InlineData("*a")]
    [InlineData("a\nb\t\"c\" \\ ")]
    [InlineData("spec.rules[0].match.pathPrefix")]
    [InlineData("sha256:0123")]
    [InlineData("`é`")]
    public void Any_text_is_read_back_as_that_text(string text)
    {
        var yaml = Yaml.Of($"{{\"a\":{System.Text.Json.JsonSerializer.Serialize(text)},\"b\":\"c\"}}");

        var read = YamlDocuments.Read(Encoding.UTF8.GetBytes(yaml), null);

        Assert.Empty(read.Diagnostics.Items);
        var node = read.Documents[0].Root.Find("a")!;
        Assert.Equal((NodeKind.Text, text), (node.Kind, node.Text));
    }
}
