using System.Runtime.InteropServices;
using CachePolicyOperator.Shop;

using var stop = new CancellationTokenSource();
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, signal => Stop(signal));
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal => Stop(signal));

switch (args)
{
    case ["--listen", var listen]:
        await ShopSite.ServeAsync(listen, stop.Token);
        return 0;
    default:
        await Console.Error.WriteLineAsync("cachepolicy-shop --listen ADDRESS:PORT");
        return 2;
}

void Stop(PosixSignalContext signal)
{
    signal.Cancel = true;
    stop.Cancel();
}
