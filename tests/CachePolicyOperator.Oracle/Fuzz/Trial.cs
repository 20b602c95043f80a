using CachePolicyOperator.Core.Vcl;
using CachePolicyOperator.Core.Vcl.Syntax;
using CachePolicyOperator.Core.Verification;
using CachePolicyOperator.Core.Verification.Questions;
using CachePolicyOperator.Oracle.Judge;
using CachePolicyOperator.Oracle.Model;
using CachePolicyOperator.Oracle.Real;

namespace CachePolicyOperator.Oracle.Fuzz;

/// <summary>A VCL whose origin is <see cref="Port"/>, and what is sent through it.</summary>
internal sealed record Case(string Vcl, IReadOnlyList<Exchange> Exchanges)
{
    /// <summary>Stands in a VCL for the port of the origin.</summary>
    public const string Port = "@ORIGIN@";
}

/// <summary>What became of a case.</summary>
internal sealed record Trial(Happenings Happenings, Judgement Judgement);

/// <summary>Plays cases on one varnishd and lets the exploration of their VCL judge them.</summary>
/// <param name="read">How the exploration reads a VCL: a test lets it read something else.</param>
/// <param name="question">What is asked of the proof of each VCL, if anything: what it proves may not leak.</param>
internal sealed class Trials(RealVarnish varnish, Func<string, string>? read = null, VclQuestion? question = null)
{
    /// <summary>The engine that plays, and that the exploration takes it for.</summary>
    public static EngineVersion Engine { get; } =
        EngineVersion.TryParse(TestCluster.Engine.Version, out var engine) ? engine : throw new InvalidOperationException(TestCluster.Engine.Version);

    /// <summary>The trial; null, and why, where the exploration or varnishd do not take the VCL.</summary>
    public async Task<(Trial? Trial, string Reason)> PlayAsync(Case played, CancellationToken cancellationToken)
    {
        var vcl = played.Vcl.Replace(Case.Port, varnish.OriginPort.ToString(), StringComparison.Ordinal);
        if (VclModel.Of(read is null ? vcl : read(vcl), Engine, out var reason) is not { } model)
        {
            return (null, reason);
        }

        if (await varnish.UseAsync(vcl, cancellationToken) is { } refused)
        {
            return (null, "varnishd: " + refused);
        }

        var happenings = await varnish.PlayAsync(played.Exchanges, cancellationToken);
        var judgement = new BatchJudge(model).Judge(happenings);
        if (question is not null && VclVerifier.Verify(VclParser.Parse("fuzz.vcl", vcl), question).Kind == VerdictKind.Proven)
        {
            judgement = judgement with { Proven = 1, Unsound = [.. judgement.Unsound, .. new LeakJudge(question).LeaksOf(happenings), .. TwinJudge.LeaksOf(played.Exchanges, happenings)] };
        }

        return (new Trial(happenings, judgement), string.Empty);
    }
}
