using System.CommandLine;
using CachePolicyOperator.Cli.Inputs;
using CachePolicyOperator.Cli.Terminals;
using CachePolicyOperator.Core;
using CachePolicyOperator.Core.Diagnostics;
using CachePolicyOperator.Core.Verification.Questions;

namespace CachePolicyOperator.Cli.Commands;

/// <summary>Tells what a policy does with one request, and why.</summary>
internal static class ExplainCommand
{
    public static Command Create(Terminal terminal)
    {
        var request = new Argument<string>("request")
        {
            Description = "Method and target as on the request line, for example 'GET /mypage'.",
        };
        var headers = new Option<string[]>("--header", "-H")
        {
            Description = "Header line of the request, 'Name: value'. May be given several times.",
            HelpName = "LINE",
        };
        var files = CommonOptions.Files();
        files.AllowMultipleArgumentsPerToken = false;
        files.Required = false;
        var vcl = new VclOptions(terminal);
        var space = CommonOptions.Namespace("Namespace of documents that name none.");
        var policy = PolicyChoice.Option();
        var format = CommonOptions.Format();
        request.Validators.Add(result =>
        {
            if (RequestOf(result.GetValueOrDefault<string>() ?? "", []) is null)
            {
                result.AddError(
                    $"`{result.GetValueOrDefault<string>()}` is no request; write method and target, for example 'GET "
                        + "/mypage'");
            }
        });
        headers.Validators.Add(result =>
        {
            foreach (var line in (result.GetValueOrDefault<string[]>() ?? []).Where(l => HeaderOf(l) is null))
            {
                result.AddError($"`{line}` is no header line; write 'Name: value'");
            }
        });
        var command = new Command("explain", """
            Tell what a policy or a VCL does with a request: pass it, or look it up, under which key, decided by what.

            With -f, the request is followed through the VCL that the policy becomes, and each condition on its way is told in a
            sentence. With --vcl, every decision that the VCL may take is told, with the request that the origin gets and the statements
            that led there. A request without a Host gets www.example.com, and the policy's first host with -f.

            Exit code: 0 it is told, 1 the policy or VCL has mistakes or cannot be followed, 2 bad usage or unreadable input,
            6 varnishd would not load the VCL.
            """) { request, headers, files, space, policy, format };
        vcl.AddFileTo(command);
        command.Options.Add(vcl.Varnish);
        command.Validators.Add(result =>
        {
            if (result.GetResult(files) is not null == result.GetResult(vcl.Vcl) is not null)
            {
                result.AddError("say what to explain: `--vcl default.vcl`, or `-f policy.yaml`");
            }
        });
        command.SetAction(parsed => parsed.GetValue(vcl.Vcl) is { } name
            ? VclExplanationRun.Run(
                VclInput.Read(name, parsed.GetValue(vcl.Path) ?? [], terminal),
                RequestOf(parsed.GetRequiredValue(request), parsed.GetValue(headers) ?? [])!,
                vcl.EngineOf(parsed), vcl.AllowsUnused(parsed), parsed.GetValue(format), terminal)
            : PolicyExplanationRun.Run(
                RequestOf(parsed.GetRequiredValue(request), parsed.GetValue(headers) ?? [])!,
                parsed.GetValue(files) ?? [], parsed.GetValue(space), parsed.GetValue(policy),
                vcl.EngineOf(parsed), parsed.GetValue(format), terminal));
        return Examples.Add(command,
            ("cachepolicy explain --vcl default.vcl 'GET /mypage' -H 'Cookie: session=1'",
                "what does this VCL do with it, and which lines decide?"),
            ("cachepolicy explain -f policy.yaml 'GET /static/app.css?v=3'", "is this cached, and under which key?"),
            ("cachepolicy explain -f policy.yaml 'GET /static/app.css' -H 'Cookie: session=1'", "and with a session?"));
    }

    private static Request? RequestOf(string line, string[] headers)
    {
        var fields = headers.Select(HeaderOf).OfType<HeaderField>().ToEquatableList();
        return line.Split(' ', 2) switch
        {
            [var target] when target.StartsWith('/') => new Request("GET", target, fields),
            [var method, var target] when target.Length > 0 && method.Length > 0
                && method.All(c => char.IsAsciiLetter(c) || c == '-') && !target.Any(char.IsWhiteSpace)
                => new Request(method, target, fields),
            _ => null,
        };
    }

    private static HeaderField? HeaderOf(string line)
    {
        var colon = line.IndexOf(':');
        return colon > 0 && !line.AsSpan(0, colon).ContainsAny(" \t\r\n") && !line.AsSpan().ContainsAny('\r', '\n')
            ? new HeaderField(line[..colon], line[(colon + 1)..].Trim())
            : null;
    }
}
