using System.Text;
using CachePolicyOperator.Core.Vcl.Syntax;
using Xunit.Abstractions;

namespace CachePolicyOperator.Core.Tests.Vcl.Corpus;

/// <summary>The VCL in Varnish's own tests, each marked there as accepted or as refused.</summary>
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

    private static VclParse Parse(VtcBlock block) => VclParser.Parse(
        SourceFile.FromBytes(block.Name, Encoding.Latin1.GetBytes(block.Text)),
        new VtcFiles(block.Files));
}
