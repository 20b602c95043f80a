using System.CommandLine;
using System.Reflection;
using CachePolicyOperator.Cli.Replay;
using CachePolicyOperator.Cli.Terminals;

namespace CachePolicyOperator.Cli.Commands;

/// <summary>Tells which version this is.</summary>
internal static class VersionCommand
{
    /// <summary>The version, without the commit.</summary>
    public static string Number { get; } = typeof(VersionCommand)
        .Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];

    public static Command Create(Terminal terminal)
    {
        var command = new Command("version",
            "Tell which version this is, and for which Varnish it renders unless told.");
        command.SetAction(_ =>
        {
            terminal.Out.WriteLine($"cachepolicy {Number} ({InstalledEngine.OrNewest(terminal.Variable).Name})");
            return ExitCode.Success;
        });
        return command;
    }
}
