using CachePolicyOperator.Cli.Inputs;
using CachePolicyOperator.Core.Diagnostics;
using CachePolicyOperator.Core.Vcl;
using CachePolicyOperator.Core.Vcl.Builtin;
using CachePolicyOperator.Core.Vcl.Syntax;

namespace CachePolicyOperator.Cli.Output;

/// <summary>
/// Quotes a VCL, what it includes and the built-in VCL behind it, with carets below the stretch that is meant.
/// </summary>
internal sealed class VclExcerpts(VclFile? file, EngineVersion engine) : IExcerpts
{
    private readonly Dictionary<string, SourceFile> _files = (file?.Sources.Items ?? [])
        .Concat(BuiltinVcl.For(engine).Sources.Items)
        .Select(s => s.File)
        .GroupBy(f => f.Name)
        .ToDictionary(g => g.Key, g => g.First(), StringComparer.Ordinal);

    public IReadOnlyList<ExcerptLine> Of(Diagnostic diagnostic)
    {
        if (diagnostic.Place is not { } place || !_files.TryGetValue(place.File, out var source))
        {
            return [];
        }

        var lines = SourceExcerpt.Render(source.SpanOf(place)).Split('\n').Select(Split).ToList();
        return [new ExcerptLine($"{new string(' ', lines[0].Gutter.Length - 2)} |", ""), .. lines];
    }

    private static ExcerptLine Split(string line)
    {
        var bar = line.IndexOf(" | ", StringComparison.Ordinal);
        return new ExcerptLine(line[..(bar + 2)], line[(bar + 3)..]);
    }
}
