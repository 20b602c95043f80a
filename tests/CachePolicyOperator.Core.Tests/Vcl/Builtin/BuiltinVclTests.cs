using System.Diagnostics;
using CachePolicyOperator.Core.Vcl;
using CachePolicyOperator.Core.Vcl.Builtin;
using CachePolicyOperator.Core.Vcl.Semantics;
using CachePolicyOperator.Core.Vcl.Syntax;
using CachePolicyOperator.TestCluster;

namespace CachePolicyOperator.Core.Tests.Vcl.Builtin;

public sealed class BuiltinVclTests
{
    private static readonly Lazy<VclFile> Real = new(AskBuiltin);

    [Fact]
    public void It_does_what_the_built_in_VCL_of_the_varnishd_at_hand_does()
    {
        var ours = BuiltinVcl.For(PlayedEngine.Version);
        var compared = 0;
        // Between them there are releases that refuse what is no path, and others: ours counts on neither.
        var isMendedHereOrThere = PlayedEngine.Version >= new EngineVersion(7, 6)
            && PlayedEngine.Version < EngineVersion.Vinyl;
        foreach (var (subroutine, values) in Situations.All()
            .Where(s => !isMendedHereOrThere || s.Subroutine != "vcl_recv" || s.Values["req.url"] is "/"))
        {
            var expected = MiniVarnish.Run(Real.Value, subroutine, values);
            var actual = MiniVarnish.Run(ours, subroutine, values);
            Assert.True(expected == actual,
                $"{subroutine} with {string.Join(", ", values)}\nvarnishd: {expected}\nours:     {actual}");
            compared++;
        }

        Assert.True(compared > 5_000, $"only {compared} situations");
    }

    [Fact]
    public void It_has_the_subroutines_that_the_varnishd_at_hand_has() =>
        Assert.Equal(NamesIn(Real.Value), NamesIn(BuiltinVcl.For(PlayedEngine.Version)));

    [Theory]
    [InlineData("7.0")]
    [InlineData("7.5")]
    [InlineData("7.6")]
    [InlineData("8.0")]
    [InlineData("9.0")]
    public void It_is_right_by_the_rules_of_its_version(string version)
    {
        Assert.True(EngineVersion.TryParse(version, out var engine));
        var parse = VclParser.Parse("default.vcl", "vcl 4.1; backend default none;");

        Assert.Empty(VclJoiner.Join(parse.File, engine).Diagnostics);
    }

    [Theory]
    [InlineData("7.5", "vcl_req_method; return pipe")]
    [InlineData("7.6", "vcl_req_method; return pipe")]
    [InlineData("8.0", "vcl_req_method; set req.http.connection = close; return synth(501)")]
    public void An_unknown_method_is_piped_up_to_7_and_refused_from_8(string version, string expected)
    {
        Assert.True(EngineVersion.TryParse(version, out var engine));

        Assert.Equal(expected, MiniVarnish.Run(
            BuiltinVcl.For(engine), "vcl_req_method", new Dictionary<string, object?> { ["req.method"] = "FOO" }));
    }

    private static string[] NamesIn(VclFile file) =>
        [.. file.Declarations.Items.OfType<SubDeclaration>().Select(s => s.Name.Text).Distinct()
            .Order(StringComparer.Ordinal)];

    private static VclFile AskBuiltin()
    {
        var parse = VclParser.Parse("builtin", AskVarnishd("-x", "builtin"));
        Assert.Empty(parse.Diagnostics);
        return parse.File;
    }

    private static string AskVarnishd(params string[] arguments)
    {
        var start = new ProcessStartInfo(Assets.VarnishD, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var varnishd = Process.Start(start)!;
        var errors = varnishd.StandardError.ReadToEndAsync();
        var text = varnishd.StandardOutput.ReadToEnd();
        varnishd.WaitForExit();
        return text + errors.GetAwaiter().GetResult();
    }
}
