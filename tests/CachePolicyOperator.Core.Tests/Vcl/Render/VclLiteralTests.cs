using System.Text.RegularExpressions;
using CachePolicyOperator.Core.Model;
using CachePolicyOperator.Core.Routes;
using CachePolicyOperator.Core.Vcl.Render;
using CachePolicyOperator.TestCluster;
using CsCheck;

namespace CachePolicyOperator.Core.Tests.Vcl.Render;

/// <summary>Whatever words a policy holds, they stay inside their literals.</summary>
public sealed class VclLiteralTests
{
    private static readonly Gen<string> Hostile = Gen.OneOf(
        Some.Of("\"", "}", "{", "\"}", "{\"", "\"\"\"", "\n", "\r", "#", "/*", "*/", "//", "\\", ";", "return (hash);",
            "a", "\u2028", "\u00e9", " "),
        Gen.Char.Where(c => !char.IsSurrogate(c) && c != '\0').Select(c => c.ToString())).Array[0, 8]
            .Select(parts => string.Concat(parts));

    [Fact]
    public void A_string_literal_reads_back_as_its_text() =>
        Hostile.Sample(text => Read(VclLiteral.String(text)) == text, iter: 50_000);

    [Fact]
    public void A_comment_is_one_line() =>
        Hostile.Sample(text => !VclLiteral.Comment(text).AsSpan().ContainsAny("\n\r\u2028\u2029\0"), iter: 20_000);

    [Fact]
    public void A_header_name_is_a_token_or_is_refused() => Hostile.Sample(name =>
    {
        try
        {
            return Regex.IsMatch(VclLiteral.Header("req", name),
                @"\Areq\.http\.(?:[A-Za-z][A-Za-z0-9_-]*|""[^""\s{}]+"")\z");
        }
        catch (ArgumentException)
        {
            return true;
        }
    }, iter: 20_000);

    [Fact]
    public void The_statements_of_a_VCL_are_the_same_whatever_the_words_of_its_policy() =>
        Gen.Select(Hostile, Hostile, Hostile).Sample(words =>
    {
        var (name, path, parameter) = words;
        return Skeleton(name, path, parameter) == Skeleton("n", "/p", "q");
    }, iter: 300);

    [Fact]
    public async Task Real_varnishd_reads_hostile_words_as_words()
    {
        await Compiler.CompileAsync(
            Render("x\"}; sub vcl_recv { return (hash); } #\nreturn(hash);",
            "/a\"}\nsub vcl_recv { return (hash); } {\"\"\"", "\"}+\"\"\""));
    }

    [Fact]
    public void A_NUL_is_refused() => Assert.Throws<ArgumentException>(() => VclLiteral.String("a\0b"));

    [Theory]
    [InlineData("origin\"; }")]
    [InlineData("")]
    [InlineData("a b")]
    public void A_host_that_is_none_is_refused(string host) =>
        Assert.Throws<ArgumentException>(
            () => VclRenderer.RenderBypass(PolicyText.Plain, new RenderTarget(host, 80, Engine.Version)));

    // Every word in every place of a policy where the model lets any word stand.
    private static string Render(string name, string path, string parameter)
    {
        var set = PolicyText.Parse("host www.example.com\nidentity cookie session");
        var rule = new Rule(
            name, new RouteMatch(new ExactPath(path), ["css"]),
            new Caching(Duration.FromSeconds(60), null, Duration.Zero, new CacheKey(QueryKey.Only([parameter]), [])),
                name);
        var policy = set.Policy with
        {
            Name = new ResourceName(name, name),
            Rules = [rule],
            Personal = new PersonalData([new PersonalRoute(new ExactPath(path), name)],
                new IdentityCarriers([name], [], [parameter])),
        };
        return VclRenderer.Render(new PolicySet(policy, []), new RenderTarget("127.0.0.1", 80, Engine.Version));
    }

    // The VCL without comments, and with every string as one mark.
    private static string Skeleton(string name, string path, string parameter)
    {
        var vcl = Render(name, path, parameter);
        return Regex.Replace(
            vcl, @"#[^\n]*|""[^""\r\n]*""|\{"".*?""\}(?: \+ \{"".*?""\})*",
            m => m.Value[0] == '#' ? "" : "S", RegexOptions.Singleline);
    }

    private static string Read(string literal)
    {
        var text = new List<string>();
        var at = 0;
        while (true)
        {
            var isLong = literal[at] == '{';
            var start = at + (isLong ? 2 : 1);
            var end = literal.IndexOf(isLong ? "\"}" : "\"", start, StringComparison.Ordinal);
            text.Add(literal[start..end]);
            at = end + (isLong ? 2 : 1);
            if (at == literal.Length)
            {
                return string.Concat(text);
            }

            Assert.Equal(" + ", literal.Substring(at, 3));
            at += 3;
        }
    }
}
