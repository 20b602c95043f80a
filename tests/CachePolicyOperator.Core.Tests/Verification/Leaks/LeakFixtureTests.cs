using CachePolicyOperator.Core.Diagnostics;
using CachePolicyOperator.Core.Tests.Vcl.Render;
using CachePolicyOperator.Core.Vcl;
using CachePolicyOperator.Core.Verification;

namespace CachePolicyOperator.Core.Tests.Verification.Leaks;

public sealed class LeakFixtureTests
{
    // Repaired twins that the verifier does not prove yet, with the reason. An entry that is proven fails the test.
    private static readonly Dictionary<string, string> NotYetProven = new(StringComparer.Ordinal);

    public static TheoryData<string> Names => [.. LeakFixture.All.Select(f => f.Name)];

    [Fact]
    public void The_table_names_the_files_and_nothing_else()
    {
        var files = Directory.GetFiles(LeakFixture.Folder, "*.vcl").Select(f => Path.GetFileName(f)!);
        var named = LeakFixture.All.SelectMany(f => new[] { $"{f.Name}.leaking.vcl", $"{f.Name}.repaired.vcl" });

        Assert.Equal(named.Order(StringComparer.Ordinal), files.Order(StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_leaking_vcl_is_refuted_with_a_request_that_shows_it(string name)
    {
        var fixture = LeakFixture.Named(name);

        var verdict = fixture.Verify(fixture.Leaking);

        Assert.Equal(VerdictKind.Refuted, verdict.Kind);
        Assert.Contains(verdict.Diagnostics,
            d => d.Code == fixture.Code && d.Severity == Severity.Error && d.Witness is not null);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Its_repaired_twin_is_proven(string name)
    {
        var fixture = LeakFixture.Named(name);

        var verdict = fixture.Verify(fixture.Repaired);

        if (NotYetProven.ContainsKey(name))
        {
            Assert.Equal(VerdictKind.Unknown, verdict.Kind);
        }
        else
        {
            Assert.True(verdict.Kind == VerdictKind.Proven, string.Join('\n', verdict.Diagnostics));
        }
    }

    [Theory]
    [Trait("Category", "Slow")]
    [MemberData(nameof(Names))]
    public void Later_engines_are_judged_like_Varnish_7(string name)
    {
        var fixture = LeakFixture.Named(name);
        foreach (var engine in new[] { new EngineVersion(7, 7), new EngineVersion(8, 0), EngineVersion.Vinyl })
        {
            Assert.Equal(VerdictKind.Refuted, fixture.Verify(fixture.Leaking, engine).Kind);
            Assert.Equal(fixture.Verify(fixture.Repaired).Kind, fixture.Verify(fixture.Repaired, engine).Kind);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Without_the_property_nothing_refutes_the_leaking_vcl_for_its_code(string name)
    {
        var fixture = LeakFixture.Named(name);

        var verdict = fixture.VerifyWithoutItsProperty(fixture.Leaking);

        Assert.DoesNotContain(verdict.Diagnostics, d => d.Code == fixture.Code);
    }

    [Fact]
    public void Every_property_but_that_of_the_engine_has_a_fixture() => Assert.Equal(
        Core.Verification.Questions.VclVerifier.PropertyCodes.Items.Except(["engine/version"])
            .Order(StringComparer.Ordinal),
        LeakFixture.All.Select(f => f.Code).Distinct().Order(StringComparer.Ordinal));

    [Theory]
    [Trait("Category", "Slow")]
    [MemberData(nameof(Names))]
    public async Task Varnishd_compiles_both(string name)
    {
        var fixture = LeakFixture.Named(name);

        await Compiler.CompileAsync(fixture.Leaking);
        await Compiler.CompileAsync(fixture.Repaired);
    }
}
