using System.Text.RegularExpressions;
using CachePolicyOperator.Core.Routes.Automata;
using CachePolicyOperator.Core.Vcl;
using CachePolicyOperator.Core.Vcl.Semantics;
using CachePolicyOperator.Core.Vcl.Syntax;
using CachePolicyOperator.Core.Verification.Execution;
using CachePolicyOperator.Core.Verification.Program;
using CachePolicyOperator.Core.Verification.State;
using CachePolicyOperator.Core.Verification.Values;

namespace CachePolicyOperator.Core.Tests.Verification.Execution;

/// <summary>A condition is skipped only where the rewrites below it do nothing without it.</summary>
public sealed class RedundantGuardsTests
{
    private static readonly string[] Patterns = [
        "a", "^/a", "[?&]a=", "&a=[ab]*", "a$", "b*", @"\?$", @"\?", "aa", "[^/]", "(?i)A"];

    private static readonly string[] Replacements = ["", "a", "?"];

    private static readonly string[] Targets =
        ["/", "/a", "/b", "/ba", "/?a=", "/b?a=b&a=a", "/b&a=ab", "/b?", "/A", "/b?b", "/aa?", "/?&", "/baab", "//",
            "/b?A=b&c"];

    [Fact]
    public void What_is_skipped_changes_nothing_where_the_condition_fails()
    {
        var skipped = 0;
        foreach (var (condition, pattern,
            replacement) in from c in Patterns from p in Patterns from r in Replacements select (c, p, r))
        {
            if (!IsRedundant(
                $$"""if (req.url ~ "{{condition}}") { set req.url = regsuball(req.url, "{{pattern}}", "{{replacement}}"); }"""))
            {
                continue;
            }

            skipped++;
            foreach (var target in Targets.Where(t => !Regex.IsMatch(t, condition)))
            {
                Assert.True(!Regex.IsMatch(target, pattern),
                    $"`{pattern}` is looked for in `{target}`, which has no `{condition}`");
            }
        }

        Assert.InRange(skipped, 60, 300);
    }

    [Fact]
    public void Guards_within_a_guard_are_skipped_with_it() => Assert.True(IsRedundant("""
        if (req.url ~ "[?&]") {
            if (req.url ~ "[?&]a=") { set req.url = regsuball(req.url, "[?&]a=[^&]*", ""); }
            set req.url = regsub(req.url, "[?&]$", "");
        }
        """));

    [Theory]
    [InlineData("""if (req.url ~ "a") { set req.url = regsub(req.url, "b", ""); }""",
        "what is looked for is something else")]
    [InlineData("""if (req.url ~ "a") { if (req.url ~ "b") { set req.url = regsub(req.url, "b", ""); } }""",
        "so it is within")]
    [InlineData("""if (req.url !~ "a") { set req.url = regsub(req.url, "a", ""); }""",
        "the condition is the other way round")]
    [InlineData("""if (req.url ~ "a") { set req.url = regsub(req.url, "a", ""); } else { unset req.http.X; }""",
        "there is another way")]
    [InlineData("""if (req.url ~ "a") { set req.url = regsub(req.url, "a", ""); unset req.http.X; }""",
        "something else is done")]
    [InlineData("""if (req.url ~ "a") { set req.url = regsub(req.http.X, "a", ""); }""", "another value is rewritten")]
    [InlineData("""if (req.url ~ "a") { set req.http.X = regsub(req.http.X, "a", ""); }""",
        "another value is rewritten and written")]
    [InlineData("""if (req.http.X ~ "a") { set req.http.X = regsub(req.http.X, "a", ""); }""",
        "a field that is not there would be written")]
    [InlineData("""if (req.url ~ "a") { return (pass); }""", "the way ends")]
    [InlineData("""if (req.url ~ "a") { }""", "there is nothing to do")]
    public void A_condition_that_decides_is_asked(string statement, string why) =>
        Assert.False(IsRedundant(statement), why);

    private static bool IsRedundant(string statement)
    {
        var file = VclParser.Parse("guard.vcl", $"vcl 4.1; backend b none; sub vcl_recv {{ {statement} }}").File;
        var program = new ProgramFacts(VclJoiner.Join(file, EngineVersion.Default).Program);
        var solver = new Solver(new InputSpace(Budget.ForProof()));
        var regexes = new Regexes(solver.Budget);
        var branching = Assert.IsType<IfStatement>(program.BodiesOf("vcl_recv")[0].Statements[0]);
        return new RedundantGuards(new Evaluator(program, solver, regexes), solver, regexes)
            .IsRedundant(new SymbolicState(), branching);
    }
}
