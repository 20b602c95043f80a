using System.CommandLine;
using CachePolicyOperator.Cli.Cluster;
using CachePolicyOperator.Cli.Inputs;
using CachePolicyOperator.Cli.Output;
using CachePolicyOperator.Cli.Terminals;
using CachePolicyOperator.Core.Diagnostics;
using CachePolicyOperator.Core.Vcl;
using CachePolicyOperator.Core.Vcl.Syntax;
using CachePolicyOperator.Core.Verification;
using CachePolicyOperator.Core.Verification.Proving;
using CachePolicyOperator.Core.Verification.Questions;

namespace CachePolicyOperator.Cli.Commands;

/// <summary>Tells which requests a change makes cacheable, and which stop to be.</summary>
internal static class DiffCommand
{
    public static Command Create(Terminal terminal)
    {
        var before = new Argument<string?>("old")
        {
            Description = "VCL file or policy before the change; - for standard input.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var after = new Argument<string?>("new")
        {
            Description = "VCL file or policy after it.",
            Arity = ArgumentArity.ZeroOrOne
        };
        var cluster = new ClusterOptions(terminal);
        var live = new Option<string?>("--live")
        {
            Description = "Instead of a file before the change: what serves for this CachePolicy of the cluster. "
                + "Without a file after it: "
                + "what waits for a review, or is on trial.",
            HelpName = "NAME",
        };
        var format = CommonOptions.Format();
        var vcl = new VclOptions(terminal);
        var command = new Command("diff", """
            Tell which requests a change makes cacheable, and which stop to be.

            Requests are told by their targets, for three classes: anonymous, with a Cookie, with Authorization (all GET). A target counts
            as cacheable where some answer to some request of the class is stored. What is told as newly cacheable may hold too
            much where a VCL could not be followed exactly, which is then said, and never too little.
            A name that ends in .yaml, .yml or .json is a policy, and stands for the VCL that is rendered of it.
            With --personal the leaks of both are compared as well, each told by the request that shows it: which went, which came,
            and which stayed.

            Exit code: 0 nothing became cacheable and no leak came, 3 something did, 1 the two cannot be compared, 2 bad usage or unreadable input,
            6 varnishd would not load one of them.
            """) { before, after, live, format };
        cluster.AddTo(command);
        vcl.AddReadingTo(command);
        vcl.AddQuestionTo(command);
        command.Validators.Add(result =>
        {
            if (vcl.MistakeInQuestion(result) is { } mistake)
            {
                result.AddError(mistake);
            }

            var files = new[] { before, after }.Count(a => result.GetResult(a) is { Tokens.Count: > 0 });
            if (result.GetValue(live) is null ? files < 2 : files > 1)
            {
                result.AddError(
                    result.GetValue(live) is null ? "two files are compared, or one with `--live NAME`"
                        : "beside `--live NAME` one file is compared");
            }
        });
        command.SetAction((parsed, cancellationToken) =>
        {
            var (engine, path) = (vcl.EngineOf(parsed), parsed.GetValue(vcl.Path) ?? []);
            var file = parsed.GetValue(live) is null ? parsed.GetValue(after) : parsed.GetValue(before);
            return parsed.GetValue(live) is { } policy
                ? cluster.RunAsync(parsed, async policies =>
                {
                    var revisions = new LiveRevisions(policies, policy, terminal);
                    var old = await revisions.ActiveAsync(cancellationToken);
                    var exit = ExitCode.Refused;
                    var next = old is null ? null
                        : file is null ? await revisions.NextAsync(cancellationToken)
                        : Read(file, path, engine, terminal, out exit);
                    return old is null || next is null ? exit : TellAll(old, next);
                })
                : Task.FromResult(CompareFiles());

            int CompareFiles()
            {
                var old = Read(parsed.GetRequiredValue(before)!, path, engine, terminal, out var oldExit);
                var next = Read(file!, path, engine, terminal, out var nextExit);
                return old is null || next is null ? Math.Max(oldExit, nextExit) : TellAll(old, next);
            }

            int TellAll(VclParse old, VclParse next) => Tell(
                Compare(old, next, engine, vcl.AllowsUnused(parsed),
                    mayBeEdited: new[] { before, after }.Any(a => parsed.GetValue(a) is { } given && !IsPolicy(given)),
                    terminal),
                LeaksOf(old, next, vcl.QuestionsOf(parsed), terminal), file ?? next.File.Source.Name,
                parsed.GetValue(format), old, next, engine, terminal);
        });
        return Examples.Add(command,
            ("cachepolicy diff old.vcl new.vcl", "what would this change cache that was not cached?"),
            ("cachepolicy diff --live storefront -n web",
                "what would the revision cache that waits for a review, or is on trial?"),
            ("cachepolicy diff --live storefront -n web policy.yaml", "what would this one, against what serves?"),
            ("git show main:default.vcl | cachepolicy diff - default.vcl", "the same in a review"),
            ("cachepolicy diff old.vcl new.vcl --personal /mypage --identity-cookie session",
                "which leaks does it mend, and which does it bring?"));
    }

    private static VclComparison Compare(
        VclParse old, VclParse next, EngineVersion engine, bool allowsUnused, bool mayBeEdited, Terminal terminal)
    {
        using var progress = ProgressLine.Of("comparing", terminal);
        return VclComparer.Compare(old, next, engine, allowsUnused, mayBeEdited);
    }

    private static LeakComparison? LeaksOf(VclParse old, VclParse next,
        IReadOnlyList<(string Route, VclQuestion Question)> routes, Terminal terminal)
    {
        using var progress = ProgressLine.Of("proving both", terminal);
        return routes.Count == 0 ? null : LeakComparer.Compare(old, next, routes);
    }

    private static VclParse? Read(string name, string[] path, EngineVersion engine, Terminal terminal, out int exitCode)
    {
        exitCode = ExitCode.Success;
        if (IsPolicy(name))
        {
            return PolicyChoice.Of(InputSet.Read([name], null, terminal), null, [name], terminal,
                out exitCode) is { } policy
                ? Rendered(policy, name, engine, terminal, ref exitCode)
                : null;
        }

        var input = VclInput.Read(name, path, terminal);
        var text = new DiagnosticText(terminal.Error, new Paint(colour: false),
            new VclExcerpts(input.Parse?.File, engine));
        foreach (var problem in input.Unreadable)
        {
            text.Write(problem);
        }

        exitCode = input.Unreadable.Count > 0 ? ExitCode.Unusable : ExitCode.Success;
        return input.Unreadable.Count > 0 ? null : input.Parse;
    }

    private static bool IsPolicy(string name) => Path.GetExtension(name) is ".yaml" or ".yml" or ".json";

    private static VclParse? Rendered(
        InputPolicy policy, string name, EngineVersion engine, Terminal terminal, ref int exitCode)
    {
        if (RevisionProver.Prove(policy.Set, policy.Target([], engine)).Revision is { } revision)
        {
            return VclParser.Parse(name, revision.Text);
        }

        terminal.Error.WriteLine(
            $"error: {SafeText.Of(name)} is not proven, so no VCL is rendered of it\nhelp: `cachepolicy verify -f "
                + $"{SafeText.Of(name)}` says why");
        exitCode = ExitCode.Refused;
        return null;
    }

    private static int Tell(
        VclComparison comparison, LeakComparison? leaks, string name, string? format, VclParse old, VclParse next,
        EngineVersion engine, Terminal terminal)
    {
        var paint = new Paint(terminal.Colour);
        foreach (var problem in comparison.Problems.Items)
        {
            var file = problem.Place?.File == old.File.Source.Name ? old.File : next.File;
            new DiagnosticText(terminal.Error, new Paint(colour: false), new VclExcerpts(file, engine)).Write(problem);
        }

        if (TreeFormat.IsAsked(format))
        {
            TreeFormat.Write(ComparisonText.Json(comparison, leaks), format, terminal.Out);
        }
        else
        {
            ComparisonText.Write(comparison, name, terminal.Out, paint);
            if (leaks is not null)
            {
                LeakText.Write(leaks, terminal.Out, paint);
            }
        }

        return comparison.IsInvalid ? ExitCode.Invalid
            : comparison.Problems.Items.Any(p => p.Severity == Severity.Error) ? ExitCode.Refused
            : comparison.Changes.Items.Any(c => !c.Appeared.IsEmpty) || leaks?.Came.Count > 0 ? ExitCode.NewlyCacheable
            : ExitCode.Success;
    }
}
