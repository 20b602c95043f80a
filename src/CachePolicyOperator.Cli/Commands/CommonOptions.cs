using System.CommandLine;
using CachePolicyOperator.Cli.Inputs;
using CachePolicyOperator.Cli.Replay;
using CachePolicyOperator.Cli.Terminals;
using CachePolicyOperator.Core.Vcl;

namespace CachePolicyOperator.Cli.Commands;

/// <summary>Options that several commands take, each made anew for its command.</summary>
internal static class CommonOptions
{
    public static Option<string[]> Files() => new("--filename", "-f")
    {
        Description = "File with YAML or JSON documents, a directory of them, or - for standard input. May be given "
            + "several times.",
        Required = true,
        AllowMultipleArgumentsPerToken = true,
        Arity = ArgumentArity.OneOrMore,
        HelpName = "FILE",
    };

    public static Option<string?> Namespace(string description) =>
        new("--namespace", "-n") { Description = description, HelpName = "NAMESPACE" };

    /// <summary>As <see cref="Format"/>, with the formats that code scanners and test reports read.</summary>
    public static Option<string> ReportFormat() => OneOf("text", "json", "yaml", "sarif", "junit");

    public static Option<string> Format(params string[] others) => OneOf(["text", .. others, "json", "yaml"]);

    private static Option<string> OneOf(params string[] formats)
    {
        var format = new Option<string>("--output", "-o")
        {
            Description = "How to write the result.",
            DefaultValueFactory = _ => "text",
            HelpName = string.Join('|', formats),
        };
        format.AcceptOnlyFromAmong(formats);
        return format;
    }

    /// <param name="what">What is waited for: "Wait …".</param>
    public static Option<bool> Wait(string what) => new("--wait")
    {
        Description = $"{what} Default: true.",
        DefaultValueFactory = _ => true,
        HelpName = "true|false",
    };

    /// <summary>In seconds.</summary>
    public static Option<int> Timeout(int standard, int most = 3600)
    {
        var timeout = new Option<int>("--timeout")
        {
            Description = $"How long to wait. Default: {standard}.",
            DefaultValueFactory = _ => standard,
            HelpName = "SECONDS",
        };
        timeout.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is var seconds && (seconds < 1 || seconds > most))
            {
                result.AddError($"`--timeout` takes 1 to {most} seconds");
            }
        });
        return timeout;
    }

    public static string EngineDescription { get; } =
        "Version of Varnish or Vinyl Cache that will run it. Default: what is installed here, else "
            + $"{EngineVersion.Newest}.";

    /// <summary>What was given for <see cref="Engine"/>, else what is installed.</summary>
    public static EngineVersion EngineOf(string? given, Terminal terminal) =>
        EngineVersion.TryParse(given, out var engine) ? engine : InstalledEngine.OrNewest(terminal.Variable);

    public static Option<string?> Engine()
    {
        var engine = new Option<string?>("--engine")
        {
            Description = EngineDescription,
            HelpName = "VERSION",
        };
        engine.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string?>() is { } text
                && !(text.Split('.') is [var major, var minor] && int.TryParse(major, out _)
                    && int.TryParse(minor, out _)))
            {
                result.AddError($"`{text}` is no version of Varnish; write major and minor, for example `7.1`");
            }
        });
        return engine;
    }

    public static Option<string[]> Origin()
    {
        var origin = new Option<string[]>("--origin")
        {
            Description =
                "Address of the origin instead of its Service's name; of one that rules name: NAME=HOST:PORT.",
            HelpName = "HOST:PORT",
        };
        origin.Validators.Add(result =>
        {
            foreach (var text in result.GetValueOrDefault<string[]>() ?? [])
            {
                if (OriginAddress.Parse(text) is null)
                {
                    result.AddError($"`{text}` is no address; write HOST:PORT, for example `10.0.0.7:8080`");
                }
            }
        });
        return origin;
    }
}
