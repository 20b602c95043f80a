using CachePolicyOperator.Core.Model;
using CachePolicyOperator.Core.Routes.Automata;
using CachePolicyOperator.Core.Vcl;
using CachePolicyOperator.Core.Vcl.Semantics;
using CachePolicyOperator.Core.Vcl.Syntax;
using CachePolicyOperator.Core.Verification.Execution;
using CachePolicyOperator.Core.Verification.Exploration;
using CachePolicyOperator.Core.Verification.Program;
using CachePolicyOperator.Core.Verification.State;
using CachePolicyOperator.Core.Verification.Values;

namespace CachePolicyOperator.Core.Tests.Verification.State;

public sealed class StateMergerTests
{
    [Fact]
    public void A_field_that_did_not_come_is_one_that_was_removed()
    {
        var (explorer, solver) =
            Explore("sub vcl_recv { if (req.http.Cookie) { unset req.http.Cookie; } return (hash); }");

        var lookup = Assert.Single(explorer.Lookups(new SymbolicState()));
        Assert.Equal(Field.Absent, lookup.FieldOf(Input.Cookie));
        var cookie = solver.Of(lookup, Input.Cookie);
        Assert.True(cookie is { MayBeAbsent: true, MayBePresent: true });
    }

    [Theory]
    [InlineData("if (req.http.Cookie ~ \"a\") { unset req.http.Cookie; }")]
    [InlineData("if (!req.http.Cookie) { unset req.http.Cookie; }")]
    public void A_field_that_may_have_come_is_none_that_was_removed(string statement)
    {
        var (explorer, _) = Explore($"sub vcl_recv {{ {statement} return (hash); }}");

        Assert.Contains(explorer.Lookups(new SymbolicState()), l => l.FieldOf(Input.Cookie) is InputField);
    }

    [Theory]
    [InlineData("X-Section", 1)]
    [InlineData("Content-Type", 2)]
    [InlineData("Vary", 2)]
    public void What_a_vcl_writes_into_an_answer_makes_ways_only_where_somebody_looks(string field, int ways)
    {
        var (explorer, _) = Explore($$"""
            sub vcl_recv { return (hash); }
            sub vcl_backend_response {
                if (bereq.url ~ "^/a") { set beresp.http.{{field}} = "a"; } else { set beresp.http.{{field}} = "b"; }
                return (deliver);
            }
            """);

        var stores = explorer.Stores(explorer.Fetches(explorer.Lookups(new SymbolicState())));

        Assert.Equal(ways,
            stores.Select(s => s.State.FieldOf(Input.OfAnswerField(field.ToLowerInvariant()))).Distinct().Count());
    }

    private static (RequestExplorer Explorer, Solver Solver) Explore(string vcl)
    {
        var join = VclJoiner.Join(VclParser.Parse("default.vcl", $"vcl 4.1; backend default none; {vcl}").File,
            new EngineVersion(7, 1));
        var program = new ProgramFacts(join.Program, JudgedFields.Of(new IdentityCarriers([], [], [])));
        var solver = new Solver(new InputSpace(Budget.ForProof()));
        return (new RequestExplorer(program, new Executor(program, solver)), solver);
    }
}
