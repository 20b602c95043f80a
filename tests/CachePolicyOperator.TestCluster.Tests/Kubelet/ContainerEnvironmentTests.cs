using CachePolicyOperator.TestCluster.Kubelet;

namespace CachePolicyOperator.TestCluster.Tests.Kubelet;

public sealed class ContainerEnvironmentTests
{
    [Theory]
    [InlineData("$(IP):80", "1.2.3.4:80")]
    [InlineData("$$(IP)", "$(IP)")]
    [InlineData("$(NONE) $IP", "$(NONE) $IP")]
    public void Variables_are_put_in_as_kubernetes_does(string text, string expected) =>
        Assert.Equal(expected,
            ContainerEnvironment.Expand(text, new Dictionary<string, string> { ["IP"] = "1.2.3.4" }));
}
