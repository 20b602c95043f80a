using CachePolicyOperator.Oracle.Fuzz;
using CachePolicyOperator.Oracle.Real;

namespace CachePolicyOperator.Oracle.Tests;

/// <summary>What varnishd did with a conversation that the exploration foretold.</summary>
internal sealed class Told(Happenings happenings)
{
    /// <summary>
    /// Plays the requests under the VCL. What varnishd did must be possible to the exploration; and, unless told
    /// otherwise, nothing else may be.
    /// </summary>
    public static async Task<Told> ByAsync(
        VarnishFixture fixture, bool exactly, string vcl, params Exchange[] exchanges)
    {
        var (trial, reason) = await fixture.Trials.PlayAsync(new Case(Vcl(vcl), exchanges), CancellationToken.None);
        Assert.True(trial is not null, reason);
        Assert.True(trial.Happenings.IsComplete);
        Assert.Empty(trial.Judgement.Unsound);
        if (exactly)
        {
            Assert.Empty(trial.Judgement.Imprecise);
        }

        return new Told(trial.Happenings);
    }

    public static string Vcl(string body) =>
        $$"""
          vcl 4.1;
          import std;
          backend default { .host = "127.0.0.1"; .port = "{{Case.Port}}"; }
          {{body.Replace("import std;", "", StringComparison.Ordinal)}}
          """;

    public bool IsHit(int exchange) => Last(exchange).Log.HitObject is not null;

    public bool IsLookedUp(int exchange) => Last(exchange).Log.ReturnOf("RECV") == "hash";

    public bool IsPassed(int exchange) => Last(exchange).Log.Called("PASS");

    public IReadOnlyList<string> Key(int exchange) => Last(exchange).Log.HashRecords;

    public int Restarts(int exchange) => Of(exchange).Rounds.Count - 1;

    /// <summary>The first line of what the origin was asked; null where it was not.</summary>
    public string? Origin(int exchange) => Seen(exchange)?.First;

    /// <summary>The lines of a field that the origin saw.</summary>
    public string[] OriginSaw(int exchange, string field) =>
        [.. Seen(exchange)!.Lines.Where(l => l.Name == field).Select(l => l.Value)];

    public Happening Fragment(int exchange) => happenings.All.First(h => h.Exchange == exchange && h.IsFragment);

    public Happening Of(int exchange) => happenings.All.Single(h => h.Exchange == exchange && !h.IsFragment);

    public static HttpHead? SeenOf(Happening happening) =>
        happening.Rounds[^1].Fetches.SelectMany(f => f.Tries).LastOrDefault().Seen;

    private HttpHead? Seen(int exchange) => SeenOf(Of(exchange));

    private Round Last(int exchange) => Of(exchange).Rounds[^1];
}
