using System.Text;
using CachePolicyOperator.Core.Diagnostics;
using CachePolicyOperator.Entities.Documents;
using CachePolicyOperator.Entities.Reading;
using CsCheck;

namespace CachePolicyOperator.Entities.Tests.Documents;

public sealed class YamlDocumentsTests
{
    [Fact]
    public void Several_documents_are_read_with_their_lines()
    {
        var read = Read("a: 1\n---\n# nothing\n---\nb:\n  - x\n  - y: z\n");

        Assert.Equal(2, read.Documents.Count);
        Assert.Equal(7, read.Documents[1].LineOf("b[1].y"));
        Assert.Equal(5, read.Documents[1].LineOf("b"));
    }

    [Fact]
    public void A_missing_field_is_at_the_line_of_what_would_hold_it() =>
        Assert.Equal(2, Read("spec:\n  cache:\n    ttl: 5s\n").Documents[0].LineOf("spec.cache.key.query"));

    [Fact]
    public void JSON_is_read_with_tabs_and_lines()
    {
        var read = Read("\n{\n\t\"spec\": {\n\t\t\"hosts\": [\"a\"]}}\n");

        Assert.Equal(4, read.Documents[0].LineOf("spec.hosts[0]"));
    }

    [Theory]
    [InlineData("yes", NodeKind.Boolean)]
    [InlineData("Off", NodeKind.Boolean)]
    [InlineData("1h", NodeKind.Text)]
    [InlineData("0x1F", NodeKind.Number)]
    [InlineData("1e3", NodeKind.Number)]
    [InlineData("~", NodeKind.Null)]
    [InlineData("\"5\"", NodeKind.Text)]
    [InlineData("!!str 5", NodeKind.Text)]
    [InlineData("2018-05-01", NodeKind.Text)]
    [InlineData("25%", NodeKind.Text)]
    public void An_unquoted_value_is_what_Kubernetes_takes_it_for(string written, NodeKind kind) =>
        Assert.Equal(kind, Read($"a: {written}\n").Documents[0].Root.Find("a")!.Kind);

    [Theory]
    [InlineData("a: b\n\tc: d\n", "yaml/syntax", "policy.yaml:2", "indent with spaces: YAML forbids tabs")]
    [InlineData("a: [b\n", "yaml/syntax", null, null)]
    [InlineData("a: *nobody\n", "yaml/alias", "policy.yaml:1", null)]
    [InlineData("a: &a [*a]\n", "yaml/alias", "policy.yaml:1", null)]
    [InlineData("a: &x {b: c}\nd:\n  <<: *x\n", "yaml/merge", "policy.yaml:3", null)]
    [InlineData("a: !ruby/object:Gem x\n", "yaml/tag", "policy.yaml:1", null)]
    [InlineData("a: 1\nb: 2\na: 3\n", "yaml/duplicate-field", "policy.yaml:3", "remove one of them")]
    [InlineData("? [a]\n: b\n", "yaml/field-name", "policy.yaml:1", null)]
    [InlineData("{\"a\": 1, \"a\": 2}", "json/duplicate-field", "policy.yaml:1", "remove one of them")]
    public void A_mistake_of_syntax_is_told_with_its_line(string text, string code, string? path, string? help)
    {
        var told = Assert.Single(Read(text).Diagnostics.Items);

        Assert.Equal(code, told.Code);
        Assert.Equal(path ?? told.Path, told.Path);
        Assert.Equal(help ?? told.Help, told.Help);
        Assert.NotNull(told.Help);
    }

    [Fact]
    public void Text_that_is_no_UTF8_is_told_with_its_line()
    {
        var told = Refused([.. "a: b\nc: "u8, 0xE9, .. "\n"u8]);

        Assert.Equal(("document/encoding", "policy.yaml:2"), (told.Code, told.Path));
    }

    [Fact]
    public void UTF16_is_told_by_name() =>
        Assert.Contains("UTF-16", Refused([0xFF, 0xFE, 0x61, 0x00]).Message, StringComparison.Ordinal);

    [Fact]
    public void A_byte_order_mark_is_no_mistake() =>
        Assert.Equal("a", Read("\uFEFFa: b\n").Documents[0].Root.Fields[0].Name);

    [Fact]
    public void Text_beyond_the_limit_is_not_read() =>
        Assert.Equal("document/too-large", Refused(new byte[Limits.Bytes + 1]).Code);

    [Fact]
    public void An_alias_bomb_stops_at_the_bound_of_work()
    {
        var bomb = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
        for (var i = 1; i < 12; i++)
        {
            bomb.Append($"a{i}: &a{i} [{string.Join(", ", Enumerable.Repeat($"*a{i - 1}", 10))}]\n");
        }

        var told = Refused(Encoding.UTF8.GetBytes(bomb.ToString()));

        // The bound of work stands for the second: the tree would have 10^12 values.
        Assert.Equal("document/too-large", told.Code);
    }

    [Theory]
    [InlineData("[")]
    [InlineData("{a: ")]
    [InlineData("- ")]
    public void Depth_is_bounded(string open) =>
        Assert.Equal("document/too-deep",
            Refused(Encoding.UTF8.GetBytes("a:\n  " + string.Concat(Enumerable.Repeat(open, 20_000)))).Code);

    [Fact]
    public void Depth_of_JSON_is_bounded() =>
        Assert.Equal("json/syntax",
            JsonDocuments.Read(Encoding.UTF8.GetBytes("{\"a\":" + new string('[', 100_000))).Diagnostics[0].Code);

    [Fact]
    public void Many_mistakes_are_counted_not_listed()
    {
        var document = Written.Document(Written.Policy + "  rules:\n"
            + string.Concat(Enumerable.Repeat("  - {nmae: a}\n", 9_000)));

        var told = PolicyReader.Read(document, NoConfigMaps.Instance).Diagnostics;

        Assert.Equal(101, told.Count);
        Assert.Equal("diagnostics/more", told[100].Code);
    }

    [Fact]
    public void Any_bytes_end_in_documents_or_diagnostics() =>
        Gen.Byte.Array[0, 200].Sample(bytes => ReadAll(bytes), iter: 3_000);

    [Fact]
    public void Any_mutation_of_a_policy_ends_in_a_policy_or_diagnostics()
    {
        var good = File.ReadAllBytes(Repository.Example("storefront.yaml"));
        Gen.Select(Gen.Int[0, good.Length - 1],
            Gen.OneOf(
            Array.ConvertAll(
            new[] { "[", "]", "{", "}", ":", "\t", "&a", "*a", "!", "\"", "-", "\n", "\0", "|", "%", "? ", "<<", "~",
            "999999999999999999999" }, t => Gen.Const(t))))
            .Array[1, 4]
            .Sample(edits =>
            {
                var bytes = good.ToList();
                foreach (var (place, text) in edits)
                {
                    bytes.InsertRange(place, Encoding.UTF8.GetBytes(text));
                }

                ReadAll([.. bytes]);
            }, iter: 2_000);
    }

    private static void ReadAll(byte[] bytes)
    {
        var read = YamlDocuments.Read(bytes, "policy.yaml");
        foreach (var document in read.Documents.Items)
        {
            var policy = PolicyReader.Read(document, NoConfigMaps.Instance);
            Assert.Equal(policy.Value is null, policy.Diagnostics.Items.Any(d => d.Severity == Severity.Error));
            Assert.All(policy.Diagnostics.Items, d => Assert.InRange(document.LineOf(d.Path), 1, 1_000));
        }
    }

    private static DocumentResult Read(string text) => YamlDocuments.Read(Encoding.UTF8.GetBytes(text), "policy.yaml");

    private static Diagnostic Refused(byte[] bytes)
    {
        var read = YamlDocuments.Read(bytes, "policy.yaml");
        Assert.Empty(read.Documents.Items);
        var told = Assert.Single(read.Diagnostics.Items);
        Assert.NotNull(told.Help);
        return told;
    }
}
