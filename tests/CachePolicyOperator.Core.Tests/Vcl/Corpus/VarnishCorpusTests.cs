using System.Text;
using CachePolicyOperator.Core.Diagnostics;
using CachePolicyOperator.Core.Vcl;
using CachePolicyOperator.Core.Vcl.Semantics;
using CachePolicyOperator.Core.Vcl.Syntax;
using Xunit.Abstractions;

namespace CachePolicyOperator.Core.Tests.Vcl.Corpus;

/// <summary>The VCL in Varnish's own tests, each marked there as accepted or as refused.</summary>
[Trait("Category", "Slow")]
public sealed class VarnishCorpusTests(ITestOutputHelper output)
{
    private static readonly Lazy<IReadOnlyList<VtcBlock>> Corpus =
        new(() => [.. VarnishSource.TestFiles().SelectMany(VtcScript.Blocks)]);

    [Fact]
    public void Every_VCL_that_varnishd_accepts_is_parsed()
    {
        var accepted = Corpus.Value.Where(b => b.IsAccepted).ToArray();
        var failures = accepted.Where(b => Parse(b).HasErrors).ToArray();
        foreach (var failure in failures)
        {
            output.WriteLine($"{failure.Name}: {SourceExcerpt.Render(Parse(failure).Diagnostics[0])}\n");
        }

        output.WriteLine($"parsed {accepted.Length - failures.Length} of {accepted.Length}");
        Assert.True(accepted.Length > 800, $"only {accepted.Length} VCLs found");
        Assert.Empty(failures.Select(f => f.Name));
    }

    [Fact]
    public void Every_VCL_that_varnishd_accepts_is_accepted_whole()
    {
        var accepted = Corpus.Value.Where(b => b.IsAccepted && HasDefaultParameters(b)).ToArray();
        var refused = accepted.Select(b => (Block: b, Errors: Errors(b))).Where(r => r.Errors.Length > 0).ToArray();
        foreach (var (_, errors) in refused.Take(20))
        {
            output.WriteLine(SourceExcerpt.Render(errors[0]) + "\n");
        }

        output.WriteLine($"accepted {accepted.Length - refused.Length} of {accepted.Length}");
        Assert.Empty(refused.Select(r => r.Block.Name));
    }

    [Fact]
    public void What_varnishd_refuses_for_the_VCL_alone_is_refused()
    {
        var refused = Corpus.Value.Where(b => !b.IsAccepted).ToArray();
        var missed = refused.Where(b => Errors(b).Length == 0).ToArray();
        foreach (var block in missed)
        {
            output.WriteLine($"missed {block.Name}: {block.ExpectedError!.Replace('\n', ' ')}");
        }

        output.WriteLine($"refused {refused.Length - missed.Length} of {refused.Length}");
        Assert.True(refused.Length - missed.Length >= 195, $"only {refused.Length - missed.Length} refused");
    }

    [Fact]
    public void Every_VCL_of_the_corpus_prints_as_it_was()
    {
        foreach (var block in Corpus.Value)
        {
            Assert.Equal(block.Text, VclPrinter.Print(Parse(block).File));
        }
    }

    [Fact]
    public void Every_VCL_of_the_corpus_survives_the_canonical_form()
    {
        foreach (var block in Corpus.Value)
        {
            var parse = Parse(block);
            if (parse.HasErrors)
            {
                continue;
            }

            var once = CanonicalPrinter.Print(parse.File);
            var again = VclParser.Parse(once, VclFiles.None);
            Assert.False(again.HasErrors, $"{block.Name}: {again.Diagnostics.Items.FirstOrDefault()}\n{once.Text}");
            Assert.Equal(once.Text, CanonicalPrinter.Print(again.File).Text);
        }
    }

    // Some tests let varnishd accept what it refuses by default.
    private static bool HasDefaultParameters(VtcBlock block) =>
        !block.Parameters.Contains("vcc_err_unref", StringComparison.Ordinal);

    private static VclDiagnostic[] Errors(VtcBlock block)
    {
        var parse = Parse(block);
        var diagnostics = parse.HasErrors ? parse.Diagnostics
            : VclJoiner.Join(parse.File, new EngineVersion(7, 1)).Diagnostics;
        return [.. diagnostics.Items.Where(d => d.Severity == Severity.Error)];
    }

    private static VclParse Parse(VtcBlock block) => VclParser.Parse(
        SourceFile.FromBytes(block.Name, Encoding.Latin1.GetBytes(block.Text)),
        new VtcFiles(block.Files));
}
