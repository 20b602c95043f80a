using CachePolicyOperator.Core.Vcl.Syntax;

namespace CachePolicyOperator.Core.Tests.Vcl.Syntax;

public sealed class ExpressionParserTests
{
    [Theory]
    [InlineData("!req.http.x ~ \"y\"", "!req.http.x ~ \"y\"")]
    [InlineData("!(req.http.x ~ \"y\")", "!req.http.x ~ \"y\"")]
    [InlineData("!(!req.http.x)", "!(!req.http.x)")]
    [InlineData("(req.url == \"a\") == (req.url == \"b\")", "(req.url == \"a\") == (req.url == \"b\")")]
    [InlineData("req.esi && (req.restarts > 0 || true)", "req.esi && (req.restarts > 0 || true)")]
    [InlineData("req.restarts + 1 * 2 == (req.restarts + 1) * 2", "req.restarts + 1 * 2 == (req.restarts + 1) * 2")]
    [InlineData("req.url ~ \"a\" + \"b\"", "req.url ~ \"ab\"")]
    [InlineData("REQ.URL ~ \"a\"", "req.url ~ \"a\"")]
    [InlineData("req . http . X-Y", "req.http.X-Y")]
    [InlineData("req.http.\"1.x\"", "req.http.\"1.x\"")]
    [InlineData("req.http.host.lower() == \"a\"", "req.http.host.lower() == \"a\"")]
    [InlineData("req.ttl == 10 s", "req.ttl == 10s")]
    [InlineData("req.ttl == -1.50h", "req.ttl == -1.5h")]
    [InlineData("std.bytes(req.http.a, fallback = 10 KB) > 1B", "std.bytes(req.http.a, fallback = 10KB) > 1B")]
    [InlineData("client.ip !~ trusted", "client.ip !~ trusted")]
    [InlineData("storage.main.free_space > 1GB", "storage.main.free_space > 1GB")]
    [InlineData("{\"a\"b\"} == req.url", "{\"a\"b\"} == req.url")]
    [InlineData("pool.backend().name == x", "pool.backend().name == x")]
    public void An_expression_reads_as_varnishd_reads_it(string written, string canonical) =>
        Assert.Equal(canonical, CanonicalPrinter.Print(AVcl.Condition(written)));

    [Fact]
    public void Not_takes_the_whole_comparison_after_it()
    {
        var not = Assert.IsType<NotExpression>(AVcl.Condition("!req.http.Cookie ~ \"session\""));

        var match = Assert.IsType<MatchExpression>(not.Operand);
        Assert.Equal(("req.http.cookie", "session", false), (((Variable)match.Left).Name, match.Regex, match.Negated));
    }

    [Fact]
    public void A_minus_before_a_name_takes_in_all_that_follows()
    {
        var set = (SetStatement)AVcl.Body("set req.http.x = -req.restarts + 1;")[0];

        Assert.IsType<SumExpression>(Assert.IsType<NegateExpression>(set.Value).Operand);
    }

    [Fact]
    public void A_minus_without_spaces_belongs_to_the_name()
    {
        var set = (SetStatement)AVcl.Body("set req.http.x = req.ttl-1s;")[0];

        Assert.Equal("req.ttl-1s", Assert.IsType<Variable>(set.Value).Name);
    }

    [Fact]
    public void Strings_have_no_escapes()
    {
        var set = (SetStatement)AVcl.Body("""set req.http.x = "a\" + {"b\n"c"} + "";""")[0];

        var values = SyntaxWalk.WithNested(set.Value).OfType<StringLiteral>().Select(s => s.Value);
        Assert.Equal(["a\\", "b\\n\"c", ""], values);
    }

    [Theory]
    [InlineData("if (!!req.http.x) { }", "vcl/double-not")]
    [InlineData("if (1 < 2 < 3) { }", "vcl/chained-comparison")]
    [InlineData("set req.http.x = \"a\" \"b\";", "vcl/adjacent-strings")]
    [InlineData("set req.http.x = \"\"\"\";", "vcl/unterminated-string")]
    [InlineData("set req.http.x = 1234567890123456;", "vcl/number")]
    [InlineData("set req.http.x = 1.2345;", "vcl/number")]
    [InlineData("set req.ttl = 10 q;", "vcl/syntax")]
    [InlineData("if (req.url ~ \"a\" + req.url) { }", "vcl/syntax")]
    [InlineData("if (req.url ? 1) { }", "vcl/unexpected-character")]
    [InlineData("set req.http.x = :Zm9v;", "vcl/blob")]
    public void What_varnishd_does_not_read_is_an_error(string statement, string code) =>
        Assert.Equal(code, AVcl.ErrorsIn(statement).First());
}
