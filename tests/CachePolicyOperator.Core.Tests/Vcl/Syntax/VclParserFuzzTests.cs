using System.Diagnostics;
using System.Text;
using CachePolicyOperator.Core.Vcl.Syntax;
using CsCheck;

namespace CachePolicyOperator.Core.Tests.Vcl.Syntax;

public sealed class VclParserFuzzTests
{
    [Fact]
    public void Random_bytes_are_read_and_written_back() => VclGen.Noise.Sample(Check, iter: 3_000);

    [Fact]
    public void A_soup_of_words_is_read_and_written_back() => VclGen.WordSoup.Sample(Check, iter: 5_000);

    [Fact]
    public void A_broken_VCL_is_read_and_written_back() => VclGen.Mutation(VclExamples.All).Sample(Check, iter: 3_000);

    private static void Check(string text)
    {
        var source = SourceFile.FromBytes("fuzz.vcl", Encoding.Latin1.GetBytes(text));
        var parse = VclParser.Parse(source, VclFiles.None);

        Assert.Equal(text, VclPrinter.Print(parse.File));
        foreach (var diagnostic in parse.Diagnostics)
        {
            Assert.NotEmpty(SourceExcerpt.Render(diagnostic));
        }

        if (!parse.HasErrors)
        {
            CheckCanonical(parse);
        }
    }

    private static void CheckCanonical(VclParse parse)
    {
        var once = CanonicalPrinter.Print(parse.File);
        var again = VclParser.Parse(once, VclFiles.None);
        if (again.HasErrors || CanonicalPrinter.Print(again.File).Text != once.Text)
        {
            throw new UnreachableException($"{again.Diagnostics.Items.FirstOrDefault()}\n{once.Text}");
        }
    }
}
