using System.Text;
using CachePolicyOperator.Core.Tests.Vcl.Syntax;
using CachePolicyOperator.Core.Vcl;
using CachePolicyOperator.Core.Vcl.Semantics;
using CachePolicyOperator.Core.Vcl.Syntax;
using CsCheck;
using Xunit.Abstractions;

namespace CachePolicyOperator.Core.Tests.Vcl.Corpus;

/// <summary>
/// Holds our reading of VCL against varnishd's. <c>VCL_AGREEMENT_RUNS</c> sets how many broken VCLs are tried.
/// </summary>
public sealed class VarnishdAgreementTests(ITestOutputHelper output)
{
    // Names are looked up in the network, which is slow where there is none.
    private static readonly string Shop = VclExamples.Shop.Replace(
        "cache.example.com", "127.0.0.9", StringComparison.Ordinal);

    private static long Runs =>
        long.TryParse(Environment.GetEnvironmentVariable("VCL_AGREEMENT_RUNS"), out var runs) ? runs : 40;

    [Fact]
    public void The_example_of_the_whole_language_is_accepted_by_varnishd() =>
        Assert.True(VarnishdCompiler.Accepts(Shop));

    [Fact]
    public void The_canonical_form_is_accepted_by_varnishd() =>
        Assert.True(VarnishdCompiler.Accepts(CanonicalPrinter.Print(AVcl.Parse(Shop).File).Text));

    [Fact]
    public void What_varnishd_accepts_is_accepted()
    {
        int both = 0, neither = 0, onlyOurs = 0;
        VclGen.Mutation([Shop]).Sample(
            text =>
            {
                var theirs = VarnishdCompiler.Accepts(text);
                var error = FirstError(text);
                _ = (theirs, error) switch
                {
                    (true, null) => Interlocked.Increment(ref both),
                    (false, null) => Interlocked.Increment(ref onlyOurs),
                    _ => Interlocked.Increment(ref neither),
                };
                if (Environment.GetEnvironmentVariable("VCL_AGREEMENT_DIRECTORY") is { } directory && !theirs
                    && error is null)
                {
                    File.WriteAllText(Path.Combine(directory, $"{text.GetHashCode():x8}.vcl"), text, Encoding.Latin1);
                }

                Assert.False(theirs && error is not null, $"varnishd accepts, we say: {error}\n{text}");
            },
            iter: Runs, threads: 1);
        output.WriteLine($"both accept {both}, both refuse {neither}, only we accept {onlyOurs}");
    }

    private static string? FirstError(string text)
    {
        var parse = VclParser.Parse(SourceFile.FromBytes("default.vcl", Encoding.Latin1.GetBytes(text)), VclFiles.None);
        var all = parse.HasErrors ? parse.Diagnostics : VclJoiner.Join(parse.File, EngineVersion.Default).Diagnostics;
        return all.Count == 0 ? null : SourceExcerpt.Render(all[0]);
    }
}
