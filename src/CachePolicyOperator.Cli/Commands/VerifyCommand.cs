using System.CommandLine;
using CachePolicyOperator.Cli.Inputs;
using CachePolicyOperator.Cli.Output;
using CachePolicyOperator.Cli.Terminals;

namespace CachePolicyOperator.Cli.Commands;

/// <summary>Proves policies, or one VCL, or shows the request that would leak.</summary>
internal static class VerifyCommand
{
    public static Command Create(Terminal terminal)
    {
        var files = CommonOptions.Files();
        files.Required = false;
        var space = CommonOptions.Namespace("Namespace of documents that name none.");
        var format = CommonOptions.ReportFormat();
        var vcl = new VclOptions(terminal);
        var replay = new Option<bool>("--replay")
        {
            Description =
                "Send each witness through a throw-away varnishd (on the PATH, or VARNISHD) and show the leak.",
        };
        var vtc = new Option<string?>("--emit-vtc")
        {
            Description = "Write the witnesses as a varnishtest that passes when they leak.",
            HelpName = "FILE",
        };
        var command = new Command("verify", $"""
            Prove that no personal page can be stored in or answered from the cache, or show a request that would leak.

            With -f, every CachePolicy among the documents is proven together with the PersonalRoutes that bind it. ConfigMaps that
            a policy refers to are taken from the documents; other objects are ignored. Needs no cluster.

            With --vcl, the text of one VCL is proven, joined with the built-in VCL of its Varnish. What a policy would say is
            said by options.

            {PersonalPattern.Forms}

            What a proof rests on is printed with it. What the proof cannot follow is no proof: the verdict is then unknown, and
            names the line.

            --replay starts varnishd on loopback with the VCL, its backends led to an origin that makes every visitor another page,
            and plays the witness: one visitor asks, then another.

            Exit code: 0 all is proven, 1 something is refuted or unknown, 2 bad usage, unreadable input (also one that is no text), or no
            varnishd to replay with, 4 a replayed witness did not leak (a bug of the verifier: please report it), 6 varnishd would not load
            the VCL: that is no verdict on what it caches.
            With several policies the verdict is the worst of theirs: Refuted, then Unknown, then Proven.
            """) { files, space, format, replay, vtc };
        vcl.AddFileTo(command);
        vcl.AddQuestionTo(command);
        command.Validators.Add(result =>
        {
            var (hasFiles, hasVcl) = (result.GetResult(files) is not null, result.GetResult(vcl.Vcl) is not null);
            if (hasFiles == hasVcl)
            {
                result.AddError(hasFiles
                    ? "`-f` and `--vcl` exclude each other; a policy names its VCL itself"
                    : "say what to prove: `--vcl default.vcl --personal /mypage`, or `-f policy.yaml`");
            }
            else if (hasFiles && (result.GetValue(replay) || result.GetValue(vtc) is not null))
            {
                result.AddError(
                    "`--replay` and `--emit-vtc` are for `--vcl`; `cachepolicy render` prints the VCL of a policy");
            }
            else if (vcl.MistakeIn(result) is { } mistake)
            {
                result.AddError(mistake);
            }
        });
        command.SetAction(async (parsed, cancellationToken) =>
        {
            if (parsed.GetValue(vcl.Vcl) is not { } name)
            {
                return Tell(PolicyVerification.Run(parsed.GetValue(files) ?? [], parsed.GetValue(space),
                    vcl.EngineOf(parsed), terminal));
            }

            foreach (var translation in vcl.TranslationsOf(parsed))
            {
                await terminal.Error.WriteLineAsync($"note: {SafeText.Of(translation)}");
            }

            var (input, question) = (VclInput.Read(name, parsed.GetValue(vcl.Path) ?? [], terminal),
                vcl.QuestionOf(parsed));
            var report = VclVerification.Run(input, question, terminal);
            var exitCode = Tell(report);
            if (!parsed.GetValue(replay) && parsed.GetValue(vtc) is null)
            {
                return exitCode;
            }

            // A report for a machine stays whole; what is for a person stands beside it.
            var output = parsed.GetValue(format) is "text" ? terminal.Out : terminal.Error;
            return await new ReplayRun(input, question, parsed.GetValue(replay), parsed.GetValue(vtc), output, terminal)
                .RunAsync(report, cancellationToken);

            int Tell(VerifyReport told)
            {
                ReportWriter.Write(told, parsed.GetValue(format), terminal);
                return told.ExitCode;
            }
        });
        return Examples.Add(command,
            ("cachepolicy verify --vcl default.vcl --personal /mypage --identity-cookie session --profile php",
                "a VCL file, without any policy"),
            ("cachepolicy verify --vcl default.vcl --personal '/users/{id}/orders' --personal '~^/fund/[0-9]+$' -o "
                + "sarif > leaks.sarif", "for a code scanner"),
            ("cachepolicy verify --vcl default.vcl --personal /mypage --replay --emit-vtc leak.vtc",
                "see it leak in a real varnishd, and keep the test"),
            ("varnishadm vcl.show boot | cachepolicy verify --vcl - --personal /mypage", "what is loaded right now"),
            ("cachepolicy verify -f policy.yaml", "one policy"),
            ("cachepolicy verify -f policy.yaml -f personal-routes.yaml",
                "with what the privacy team declares personal"),
            ("kubectl kustomize overlays/prod | cachepolicy verify -f - -o json", "in a pipeline"));
    }
}
