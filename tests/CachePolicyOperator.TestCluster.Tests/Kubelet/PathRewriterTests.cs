using System.Net;
using CachePolicyOperator.TestCluster.Kubelet;

namespace CachePolicyOperator.TestCluster.Tests.Kubelet;

public sealed class PathRewriterTests
{
    private static readonly PathRewriter Rewriter = new(
        new PodAddress(IPAddress.Parse("198.18.1.2"), IPAddress.Parse("127.18.1.2")),
        new Dictionary<string, string> { ["/etc/varnish"] = "/tmp/v", ["/etc/varnish/secret/"] = "/tmp/s" });

    [Theory]
    [InlineData("/etc/varnish", "/tmp/v")]
    [InlineData("/etc/varnish/default.vcl", "/tmp/v/default.vcl")]
    [InlineData("--file=/etc/varnish/a,/etc/varnish/b", "--file=/tmp/v/a,/tmp/v/b")]
    [InlineData("/etc/varnish/secret/key", "/tmp/s/key")]
    [InlineData("/etc/varnish-extra", "/etc/varnish-extra")]
    [InlineData("/usr/etc/varnish", "/usr/etc/varnish")]
    public void A_mount_becomes_its_directory_where_it_is_a_whole_path(string word, string expected) =>
        Assert.Equal(expected, Rewriter.Rewrite(word));

    [Theory]
    [InlineData("0.0.0.0:8080", "198.18.1.2:8080")]
    [InlineData(":8080", "198.18.1.2:8080")]
    [InlineData("http=:8080,HTTP", "http=198.18.1.2:8080,HTTP")]
    [InlineData("https://+:8443", "https://198.18.1.2:8443")]
    [InlineData("http://[::]:80", "http://198.18.1.2:80")]
    [InlineData("127.0.0.1:6082", "127.18.1.2:6082")]
    [InlineData("localhost:6082", "127.18.1.2:6082")]
    [InlineData("10.0.0.0.1", "10.0.0.0.1")]
    [InlineData("my-localhost.example", "my-localhost.example")]
    [InlineData("sha256:12", "sha256:12")]
    public void Every_address_and_loopback_become_the_pods_own(string word, string expected) =>
        Assert.Equal(expected, Rewriter.Rewrite(word));
}
