using CachePolicyOperator.Cli;
using CachePolicyOperator.Cli.Terminals;

using var stop = new CancellationTokenSource();
Console.CancelKeyPress += (_, pressed) =>
{
    pressed.Cancel = true;
    stop.Cancel();
};
return await new CommandLine(Terminal.OfProcess()).InvokeAsync(args, stop.Token);
