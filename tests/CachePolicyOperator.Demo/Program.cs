using System.Runtime.InteropServices;
using CachePolicyOperator.Demo;
using Spectre.Console;

using var stop = new CancellationTokenSource();
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, signal => Stop(signal));
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal => Stop(signal));

switch (args)
{
    case []:
    case ["--once"]:
        return await DemoCommand.RunAsync(AnsiConsole.Console, once: args.Length == 1, stop.Token);
    case ["--help" or "-h"]:
        await Console.Out.WriteLineAsync(DemoCommand.Help);
        return 0;
    default:
        await Console.Error.WriteLineAsync($"unknown arguments: {string.Join(' ', args)}\n\n{DemoCommand.Help}");
        return 2;
}

void Stop(PosixSignalContext signal)
{
    signal.Cancel = true;
    stop.Cancel();
}
