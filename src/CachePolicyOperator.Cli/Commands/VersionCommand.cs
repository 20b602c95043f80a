using System.CommandLine;
using System.Reflection;
using CachePolicyOperator.Cli.Terminals;
using CachePolicyOperator.Core.Vcl.Render;

namespace CachePolicyOperator.Cli.Commands;

/// <summary>Tells which version this is.</summary>
internal static class VersionCommand
{
    public static Command Create(Terminal terminal)
    {
        var command = new Command("version",
            "Tell which version this is, and for which Varnish it renders unless told.");
        command.SetAction(_ =>
        {
            var version = typeof(VersionCommand)
                .Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;
            terminal.Out.WriteLine(
                $"cachepolicy {version.Split('+')[0]} (Varnish {RenderTarget.DefaultEngineVersion})");
            return ExitCode.Success;
        });
        return command;
    }
}
