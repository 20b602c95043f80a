using System.CommandLine;
using CachePolicyOperator.Cli.Inputs;
using CachePolicyOperator.Cli.Output;

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
        var vcl = new VclOptions();
        var command = new Command("verify", $"""
            Prove that no personal page can be stored in or answered from the cache, or show a request that would leak.

            With -f, every CachePolicy among the documents is proven together with the PersonalRoutes that bind it. ConfigMaps that
            a policy refers to are taken from the documents; other objects are ignored. Needs no cluster.

            With --vcl, the text of one VCL is proven, joined with the built-in VCL of its Varnish. What a policy would say is
            said by options.

            {PersonalPattern.Forms}

            What a proof rests on is printed with it. What the proof cannot follow is no proof: the verdict is then unknown, and
            names the line.

            Exit code: 0 all is proven, 1 something is refuted or unknown, 2 bad usage or unreadable input.
            With several policies the verdict is the worst of theirs: Refuted, then Unknown, then Proven.
            """) { files, space, format };
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
            else if (vcl.MistakeIn(result) is { } mistake)
            {
                result.AddError(mistake);
            }
        });
        command.SetAction(parsed =>
        {
            var report = parsed.GetValue(vcl.Vcl) is { } name
                ? VclVerification.Run(VclInput.Read(name, parsed.GetValue(vcl.Path) ?? [], terminal), vcl.QuestionOf(parsed))
                : PolicyVerification.Run(parsed.GetValue(files) ?? [], parsed.GetValue(space), parsed.GetValue(vcl.Varnish), terminal);
            ReportWriter.Write(report, parsed.GetValue(format), terminal);
            return report.ExitCode;
        });
        return Examples.Add(command,
            ("cachepolicy verify --vcl default.vcl --personal /mypage --identity-cookie session --profile php", "a VCL file, without any policy"),
            ("cachepolicy verify --vcl default.vcl --personal '/users/{id}/orders' --personal '~^/fund/[0-9]+$' -o sarif > leaks.sarif", "for a code scanner"),
            ("varnishadm vcl.show boot | cachepolicy verify --vcl - --personal /mypage", "what is loaded right now"),
            ("cachepolicy verify -f policy.yaml", "one policy"),
            ("cachepolicy verify -f policy.yaml -f personal-routes.yaml", "with what the privacy team declares personal"),
            ("kubectl kustomize overlays/prod | cachepolicy verify -f - -o json", "in a pipeline"));
    }
}
