using CachePolicyOperator.Cli.Inputs;
using CachePolicyOperator.Core.Diagnostics;

namespace CachePolicyOperator.Cli.Output;

/// <summary>Writes diagnostics for a person: what, where with the line quoted, the request that shows it, the remedy.</summary>
internal sealed class DiagnosticText(TextWriter output, Paint paint, InputSet inputs)
{
    public void Write(Diagnostic diagnostic)
    {
        var label = diagnostic.Severity == Severity.Error
            ? paint.Error($"error[{diagnostic.Code}]")
            : paint.Warning($"warning[{diagnostic.Code}]");
        output.WriteLine($"{label}: {paint.Strong(SafeText.Of(diagnostic.Message))}");
        output.WriteLine($"  {paint.Faint("-->")} {SafeText.Of(diagnostic.Path)}");
        if (inputs.Quote(diagnostic.Path) is { } line)
        {
            var gutter = new string(' ', line.Number.ToString().Length);
            output.WriteLine($"  {paint.Faint($"{gutter} |")}");
            output.WriteLine($"  {paint.Faint($"{line.Number} |")} {SafeText.Of(Short(line.Text))}");
            output.WriteLine($"  {paint.Faint($"{gutter} |")}");
        }

        if (diagnostic.Witness is { } witness)
        {
            output.WriteLine($"  {paint.Faint("= request:")} {paint.Strong(SafeText.Of($"{witness.Method} {witness.Target}"))}");
            foreach (var header in witness.Headers.Items)
            {
                output.WriteLine($"  {paint.Faint("=         ")} {SafeText.Of($"{header.Name}: {header.Value}")}");
            }
        }

        if (diagnostic.Help is not null)
        {
            output.WriteLine($"  {paint.Faint("= help:")} {SafeText.Of(diagnostic.Help)}");
        }

        output.WriteLine();
    }

    private static string Short(string line) => line.Length <= 160 ? line : $"{line[..159]}…";
}
