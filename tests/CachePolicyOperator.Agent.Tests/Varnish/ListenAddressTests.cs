using CachePolicyOperator.Agent.Varnish;

namespace CachePolicyOperator.Agent.Tests.Varnish;

public sealed class ListenAddressTests
{
    [Theory]
    [InlineData("a0 127.0.0.1 6081\n", "127.0.0.1:6081")]
    [InlineData("a0 0.0.0.0 80\na1 :: 80\n", "127.0.0.1:80 [::1]:80")]
    [InlineData("a0 /run/varnish.sock -\na1 10.0.0.7 8443\n", "10.0.0.7:8443")]
    [InlineData("a0 /run/varnish.sock -\n", "")]
    [InlineData("a0 127.0.0.1 0\nnonsense\n\n", "")]
    public void The_TCP_sockets_are_those_that_clients_can_reach_from_beside(string told, string addresses)
    {
        Assert.Equal(addresses, string.Join(' ', ListenAddress.ReadAll(told)));
    }
}
