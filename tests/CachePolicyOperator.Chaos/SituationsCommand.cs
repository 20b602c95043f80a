using CachePolicyOperator.TestStage;
using CachePolicyOperator.TestStage.Situations;

namespace CachePolicyOperator.Chaos;

/// <summary>
/// Plays situations one after the other and prints the table of what clients got and what the status said.
/// </summary>
internal static class SituationsCommand
{
    public static async Task<int> RunAsync(string[] parts, CancellationToken cancellationToken)
    {
        var chosen = Catalogue.All.Where(s => parts.Length == 0
            || parts.Any(p => s.Name.Contains(p, StringComparison.OrdinalIgnoreCase))).ToArray();
        var rows = new List<Row>();
        Stage? stage = null;
        try
        {
            foreach (var situation in chosen)
            {
                stage ??= await SetAsync(cancellationToken);
                var row = await SituationRun.PlayAsync(stage, situation, cancellationToken);
                rows.Add(row);
                await Console.Out.WriteLineAsync(row.IsWell ? Line(row) : $"{Line(row)}\n{row.Explain()}");
                if (situation.BreaksStage)
                {
                    await stage.DisposeAsync();
                    stage = null;
                }
            }
        }
        finally
        {
            await (stage?.DisposeAsync() ?? ValueTask.CompletedTask);
        }

        await Console.Out.WriteLineAsync(
            "\n| situation | requests | errors | not reached, ms | untrue, ms | leaks | the status said "
                + $"|\n|---|---|---|---|---|---|---|\n{string.Join('\n', rows.Select(Line))}");
        return rows.All(r => r.IsWell) ? 0 : 1;
    }

    public static async Task<Stage> SetAsync(CancellationToken cancellationToken)
    {
        var stage = new Stage();
        try
        {
            await stage.StartClusterAsync(cancellationToken);
            await stage.InstallAsync(cancellationToken);
            return stage;
        }
        catch
        {
            await stage.DisposeAsync();
            throw;
        }
    }

    private static string Line(Row row)
    {
        var judged = row.Judgement;
        return $"| {(row.IsWell ? "" : "BROKEN: ")}{row.Situation} | {judged.Requests} | {judged.Errors} | "
            + $"{judged.Unreached.TotalMilliseconds:F0} "
            + $"| {judged.Untrue.TotalMilliseconds:F0} | {judged.Leaks} | {row.Said} |";
    }
}
