using System.Globalization;
using System.Runtime.InteropServices;
using CachePolicyOperator.Chaos;

const string help = """
    make chaos SEED=1 N=100                 random acts, and what must always be so checked after each
    make chaos SEED=1 N=100 ARGS=--go-on    the same, on a new site where something broke
    make chaos ARGS='--situations PART'     the situations whose names hold PART (or all), as a table

    Exit code 1 where something broke, with the seed, the step and the last acts.
    """;

using var stop = new CancellationTokenSource();
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, signal => Stop(signal));
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal => Stop(signal));

switch (args)
{
    case ["--seed", var seed, "--count", var count, "--situations", .. var parts]:
        return await SituationsCommand.RunAsync(parts, stop.Token);
    case ["--seed", var seed, "--count", var count, .. var more]
        when int.TryParse(seed, CultureInfo.InvariantCulture, out var number)
            && int.TryParse(count, CultureInfo.InvariantCulture, out var acts)
            && more is [] or ["--go-on"]:
        return await new ChaosCommand(number, acts, goOn: more.Length > 0).RunAsync(stop.Token);
    default:
        await Console.Error.WriteLineAsync(help);
        return 2;
}

void Stop(PosixSignalContext signal)
{
    signal.Cancel = true;
    stop.Cancel();
}
