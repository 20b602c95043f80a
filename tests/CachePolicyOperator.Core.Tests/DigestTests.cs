using System.Text.Json;
using CachePolicyOperator.Core.AgentProtocol;

namespace CachePolicyOperator.Core.Tests;

public sealed class DigestTests
{
    private const string OfNothing = "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    [Fact]
    public void It_is_written_as_it_was_read()
    {
        Assert.Equal(OfNothing, Digest.Of("").ToString());
        Assert.Equal(Digest.Of(""), Digest.Parse(OfNothing));
        Assert.Equal("sha256:e3b0c44298fc", Digest.Of("").Abbreviated);
    }

    public static TheoryData<string?> NoDigests => new(
        null,
        "",
        "sha256:",
        "sha256:e3b0c44298fc",
        OfNothing + "0",
        OfNothing.ToUpperInvariant(),
        OfNothing.Replace("e3", "E3", StringComparison.Ordinal),
        OfNothing.Replace("sha256", "sha512", StringComparison.Ordinal),
        OfNothing.Replace('e', 'g'),
        " " + OfNothing);

    [Theory]
    [MemberData(nameof(NoDigests))]
    public void What_is_not_the_algorithm_and_64_lower_case_digits_is_none(string? text)
    {
        Assert.Null(Digest.Read(text));
        Assert.Equal(default, Digest.TryParse(text, out var digest) ? Digest.Of(text) : digest);
    }

    [Fact]
    public void On_the_wire_it_is_its_text()
    {
        Assert.Equal($$"""{"digest":"{{OfNothing}}"}""",
            JsonSerializer.Serialize(new Activation(Digest.Of("")), AgentApi.Json));
        Assert.Equal(
            new Activation(Digest.Of("")),
                JsonSerializer.Deserialize<Activation>($$"""{"digest":"{{OfNothing}}"}""", AgentApi.Json));
        Assert.Throws<JsonException>(
            () => JsonSerializer.Deserialize<Activation>("""{"digest":"sha256:4f1a"}""", AgentApi.Json));
    }

    [Theory]
    [InlineData("\"\"", "")]
    [InlineData("\"sha256:4f1a\"", "")]
    [InlineData("null", "")]
    [InlineData("{\"a\":1}", "")]
    [InlineData($"\"{OfNothing}\"", OfNothing)]
    public void A_leak_is_heard_whatever_stands_for_the_digest_of_the_text_that_leaked(string written, string told)
    {
        var json = """
            {"kind":"LeakDetected","instance":"i","sequence":7,"at":"2018-05-08T00:00:00Z","trigger":"hit/personal",
             "activeDigest":WRITTEN,
             "exposure":{"objectId":"1","varnishStart":"2018-05-08T00:00:00Z","storedBy":null,"servedTo":[]}}
            """.Replace("WRITTEN", written, StringComparison.Ordinal);

        var leak = Assert.IsType<LeakDetected>(JsonSerializer.Deserialize<AgentEvent>(json, AgentApi.Json));

        Assert.Equal(7, leak.Sequence);
        Assert.Equal(told, leak.ActiveDigest?.ToString() ?? "");
        Assert.Contains($"\"activeDigest\":\"{told}\"", JsonSerializer.Serialize<AgentEvent>(leak, AgentApi.Json),
            StringComparison.Ordinal);
    }
}
