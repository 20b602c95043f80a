using System.Text;
using CachePolicyOperator.Cli.Inputs;
using CachePolicyOperator.Cli.Output;
using CachePolicyOperator.Cli.Replay;
using CachePolicyOperator.Cli.Terminals;
using CachePolicyOperator.Core.Diagnostics;
using CachePolicyOperator.Core.Vcl.Syntax;
using CachePolicyOperator.Core.Verification;

namespace CachePolicyOperator.Cli.Commands;

/// <summary>
/// Replays the witnesses of a verification, and writes them as a varnishtest, where that was asked for.
/// </summary>
internal sealed class ReplayRun(
    VclInput input, VclQuestion question, bool replay, string? vtcFile, TextWriter output, Terminal terminal)
{
    private readonly Paint _paint = new(terminal.Colour && output == terminal.Out);

    /// <summary>The exit code of the whole command.</summary>
    public async Task<int> RunAsync(VerifyReport report, CancellationToken cancellationToken)
    {
        var leaks = report.Found.Where(d => d is { Severity: Severity.Error, Witness: not null }).ToList();
        if (leaks.Count == 0 || input.Parse is not { } parse)
        {
            output.WriteLine("there is no witness to replay");
            return report.ExitCode;
        }

        var program = VarnishProgram.Find(terminal.Variable);
        if (program is null && replay)
        {
            var missing = terminal.Variable("VARNISHD") is { Length: > 0 } named
                ? $"there is no `{named}`"
                : "it is not on the PATH";
            return Fail($"`--replay` needs varnishd: {missing}", VarnishProgram.Remedy);
        }

        try
        {
            var results = program is null
                ? Untried(leaks)
                : await ReplayAsync(program, parse.File, leaks, cancellationToken);
            return WriteVtc(parse.File, results)
                ? results.Exists(r => replay && r.Outcome == ReplayOutcome.DidNotLeak) ? ExitCode.DidNotLeak
                    : report.ExitCode
                : ExitCode.Unusable;
        }
        catch (VarnishRefusedException refused)
        {
            return Fail($"varnishd does not run the VCL: {refused.Message}",
                "a vmod or file that it needs may be missing here; replay where it runs");
        }
    }

    private async Task<List<ReplayResult>> ReplayAsync(
        string program, VclFile vcl, List<Diagnostic> leaks, CancellationToken cancellationToken)
    {
        await using var replayer = await Replayer.StartAsync(program, vcl, question, terminal.Time, cancellationToken);
        var text = new ReplayText(output, _paint, replayer.Program);
        var results = new List<ReplayResult>();
        foreach (var leak in leaks)
        {
            results.Add(await replayer.ReplayAsync(leak, cancellationToken));
            if (replay)
            {
                text.Write(results[^1]);
            }
        }

        return results;
    }

    private List<ReplayResult> Untried(List<Diagnostic> leaks)
    {
        terminal.Error.WriteLine("warning: varnishd is not here, so the test was not tried");
        return [.. leaks.Select(
            l => new ReplayResult(l, ReplayOutcome.Leaked, AttemptPlan.For(l, question.Identity, []).First(), null))];
    }

    private bool WriteVtc(VclFile vcl, List<ReplayResult> results)
    {
        if (vtcFile is null)
        {
            return true;
        }

        var leaked = results.Where(r => r is { Outcome: ReplayOutcome.Leaked, Attempt.Answer.HangsUp: false })
            .Select(r => (r.Diagnostic, r.Attempt)).ToList();
        if (leaked.Count == 0)
        {
            output.WriteLine($"{SafeText.Of(vtcFile)} is not written: no witness leaked in varnishd");
            return true;
        }

        try
        {
            File.WriteAllText(vtcFile, VtcWriter.Write(vcl, leaked), Encoding.Latin1);
            output.WriteLine(
                $"{SafeText.Of(vtcFile)} shows {(leaked.Count == 1 ? "the leak" : $"{leaked.Count} leaks")}: "
                    + $"varnishtest {SafeText.Of(vtcFile)}");
            return true;
        }
        catch (Exception e) when (
            e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            Fail($"`{vtcFile}` cannot be written: {e.Message.TrimEnd('.')}",
                "name a file in a directory that you may write to");
            return false;
        }
    }

    private int Fail(string message, string help)
    {
        terminal.Error.WriteLine($"error: {SafeText.OfLines(message)}\nhelp: {help}");
        return ExitCode.Unusable;
    }
}
