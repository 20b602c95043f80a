using System.CommandLine;
using CachePolicyOperator.Cli.Inputs;
using CachePolicyOperator.Cli.Output;
using CachePolicyOperator.Cli.Terminals;

namespace CachePolicyOperator.Cli.Commands;

/// <summary>Prints what brings a VCL that a team has today under the operator.</summary>
internal static class AdoptCommand
{
    public static Command Create(Terminal terminal)
    {
        var hosts = new Option<string[]>("--host")
        {
            Description = "Host name of the site. May be given several times.",
            HelpName = "HOST",
            Required = true,
            Arity = ArgumentArity.OneOrMore,
        };
        var workload = new Option<string?>("--workload")
        {
            Description = "The workload that runs Varnish, deployment/NAME or statefulset/NAME. "
                + "Default: the operator makes one.",
            HelpName = "KIND/NAME",
        };
        var name = new Option<string>("--name")
        {
            Description = "Name of the policy.",
            HelpName = "NAME",
            DefaultValueFactory = _ => "storefront",
        };
        var space = new Option<string>("--namespace", "-n")
        {
            Description = "Namespace of the policy, the workload and the origin.",
            HelpName = "NAMESPACE",
            DefaultValueFactory = _ => "default",
        };
        var origin = new Option<string?>("--origin")
        {
            Description = "Service and port of the origin, where requests go past the cache. "
                + "Default: the policy's name, port 8080.",
            HelpName = "SERVICE:PORT",
        };
        var vcl = new VclOptions(terminal);
        vcl.Vcl.Required = true;
        vcl.Vcl.Description =
            "The VCL that varnishd loads today, or - for standard input. What it includes is taken along.";
        var command = new Command("adopt", """
            Print the policy and the ConfigMap that bring a VCL of your own under the operator, and say what of it is proven.
            The documents are on standard output, also where the VCL is refused; the verdict is on standard error.
            What the agent beside your varnishd needs, `cachepolicy inject` writes into the workload's manifest.

            Exit code: 0 the VCL is proven, 1 it is refuted or unknown, 2 bad usage or unreadable input.
            """) { hosts, workload, name, space, origin };
        vcl.AddFileTo(command);
        vcl.AddQuestionTo(command);
        command.Validators.Add(result =>
        {
            if (vcl.MistakeIn(result) is { } mistake)
            {
                result.AddError(mistake);
            }
        });
        command.SetAction(parsed =>
        {
            if (Service(parsed.GetValue(origin) ?? $"{parsed.GetValue(name)}:8080") is not { } service)
            {
                return Refuse(
                    $"`{SafeText.Of(parsed.GetValue(origin)!)}` is no Service and port",
                    "write for example `--origin shop:8080`", terminal);
            }

            if (parsed.GetValue(workload) is { } given && AdoptedDocuments.Workload(given) is null)
            {
                return Refuse(
                    $"`{SafeText.Of(given)}` is no workload",
                    "write `deployment/NAME` or `statefulset/NAME`", terminal);
            }

            var input = VclInput.Read(parsed.GetRequiredValue(vcl.Vcl)!, parsed.GetValue(vcl.Path) ?? [], terminal);
            var report = VclVerification.Run(input, vcl.QuestionOf(parsed) with { CountsAnonymous = true }, terminal);
            ReportText.Write(report, terminal with { Out = terminal.Error });
            if (input is not { Parse.File: { } file, Unreadable.Count: 0 })
            {
                return ExitCode.Unusable;
            }

            if (AdoptedDocuments.SharedName(file) is { } shared)
            {
                return Refuse(
                    $"two files are named `{SafeText.Of(shared)}`, and a ConfigMap has no directories",
                    "rename one of them, and its include", terminal);
            }

            terminal.Out.Write(AdoptedDocuments.Write(new AdoptedSite(
                parsed.GetValue(name)!, parsed.GetValue(space)!, parsed.GetValue(hosts)!, service,
                parsed.GetValue(workload), vcl.RoutesOf(parsed), vcl.IdentityOf(parsed),
                vcl.ProfilesOf(parsed)), file));
            return report.ExitCode;
        });
        return Examples.Add(command,
            ("cachepolicy adopt --vcl default.vcl --host www.example.com --workload deployment/cache --origin "
                + "shop:8080 -n web --personal /mypage --identity-cookie session > adopted.yaml",
                "from the VCL of today to a policy; what is not proven yet is on the screen"),
            ("cachepolicy inject -f cache.yaml --policy storefront | kubectl apply -n web -f -",
                "then the agent beside your varnishd"));
    }

    private static (string Name, int Port)? Service(string text) =>
        text.Split(':') is [{ Length: > 0 } name, var number] && ushort.TryParse(number, out var port) && port > 0
            ? (name, port)
            : null;

    private static int Refuse(string error, string help, Terminal terminal)
    {
        terminal.Error.WriteLine($"error: {error}\nhelp: {help}");
        return ExitCode.Unusable;
    }
}
