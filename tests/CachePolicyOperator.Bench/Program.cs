using CachePolicyOperator.Bench;
using CachePolicyOperator.Bench.Measuring;

switch (args)
{
    case ["part", var name]:
        return PartHost.Run(name, TimeProvider.System, Console.Out);
    case ["--help" or "-h"]:
        await Console.Out.WriteLineAsync(BenchCommand.Help);
        return 0;
    default:
        if (BenchOptions.TryParse(args) is { } options)
        {
            return await BenchCommand.RunAsync(options, Console.Out, Console.Error, CancellationToken.None);
        }

        await Console.Error.WriteLineAsync($"unknown arguments: {string.Join(' ', args)}\n\n{BenchCommand.Help}");
        return 2;
}
