using CachePolicyOperator.Demo.Play;
using CachePolicyOperator.TestCluster;
using CachePolicyOperator.TestStage;
using Spectre.Console;

namespace CachePolicyOperator.Demo;

/// <summary>Sets the stage, plays the acts, and cleans up, whatever ends the play.</summary>
internal static class DemoCommand
{
    public const string Help = """
        make demo                 the incident of 2018, replayed on a real API server and real varnishd; stays up at the end
        make demo ARGS=--once     the same, and clean up at the end

        It runs etcd, kube-apiserver, kube-controller-manager, the operator, and two cache pods with varnishd and agent as
        local processes, all on addresses of this machine, and ends every one of them on Ctrl-C.
        """;

    /// <summary>0 when every act went as told, 1 when one did not, 130 when it was interrupted.</summary>
    public static async Task<int> RunAsync(IAnsiConsole console, bool once, CancellationToken cancellationToken)
    {
        var narrator = new Narrator(console, TimeProvider.System);
        try
        {
            narrator.Title("The incident of 2018, replayed");
            await using var stage = await DemoStage.SetAsync(narrator, cancellationToken);
            await new Acts(stage, narrator).PlayAsync(cancellationToken);
            if (!once)
            {
                narrator.LookAround(stage);
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
            }

            narrator.Say("the curtain falls; every process is ended");
            return 0;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            narrator.Say("the curtain falls; every process is ended");
            return once ? 130 : 0;
        }
        catch (Exception failed) when (failed is StageException or AssetMissingException or ProcessEndedException or TimeoutException)
        {
            narrator.Failed(failed.Message);
            return 1;
        }
    }
}
