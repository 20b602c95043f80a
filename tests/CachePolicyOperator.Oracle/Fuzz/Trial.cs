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
    /// <summary>What is asked of the proof of the VCL, if anything: what it proves may not leak.</summary>
    public VclQuestion? Question { get; init; }

    /// <summary>What the gates say of the policy that became the VCL; null where the VCL is nobody's policy.</summary>
    public PolicyGate? Gate { get; init; }

    /// <summary>Stands in a VCL for the port of the origin.</summary>
    public const string Port = "@ORIGIN@";
}

/// <summary>What became of a case.</summary>
internal sealed record Trial(Happenings Happenings, Judgement Judgement);

/// <summary>Plays cases on one varnishd and lets the exploration of their VCL judge them.</summary>
/// <param name="read">How the exploration reads a VCL: a test lets it read something else.</param>
internal sealed class Trials(RealVarnish varnish, Func<string, string>? read = null)
{
    /// <summary>The engine that plays, and that the exploration takes it for.</summary>
    public static EngineVersion Engine { get; } =
        EngineVersion.TryParse(TestCluster.Engine.Version, out var engine) ? engine
            : throw new InvalidOperationException(TestCluster.Engine.Version);

    /// <summary>The trial; null, and why, where the exploration or varnishd do not take the VCL.</summary>
    public async Task<(Trial? Trial, string Reason)> PlayAsync(Case played, CancellationToken cancellationToken)
    {
        if (played.Gate is { Text: null } gate)
        {
            return gate.DisagreesWithItsText
                ? (Failed(new Disagreement("text", 0, string.Join("; ", gate.Told))), string.Empty)
                : gate.Errors.Count == 0
                    ? (Failed(new Disagreement("held", 0, "a policy is held, and nothing says why")), string.Empty)
                : (null, "policy held: " + string.Join(", ", gate.Errors));
        }

        var vcl = played.Vcl.Replace(Case.Port, varnish.OriginPort.ToString(), StringComparison.Ordinal);
        if (VclModel.Of(read is null ? vcl : read(vcl), Engine, out var reason) is not { } model)
        {
            return (null, reason);
        }

        if (await varnish.UseAsync(vcl, cancellationToken) is { } refused)
        {
            return played.Gate is null
                ? (null, "varnishd: " + refused)
                : (Failed(new Disagreement("refused", 0, "varnishd does not load what is proven: " + refused)),
                    string.Empty);
        }

        var happenings = await varnish.PlayAsync(played.Exchanges, cancellationToken);
        var judgement = new BatchJudge(model).Judge(happenings);
        if (played.Question is { } question
            && VclVerifier.Verify(VclParser.Parse("fuzz.vcl", vcl), question).Kind == VerdictKind.Proven)
        {
            judgement = judgement with
            {
                Proven = 1,
                Unsound = [.. judgement.Unsound, .. new LeakJudge(question).LeaksOf(happenings),
                .. TwinJudge.LeaksOf(played.Exchanges, happenings)]
            };
        }

        if (played.Gate?.Policies is { } policies)
        {
            judgement =
                judgement with { Unsound = [.. judgement.Unsound, .. new PolicyJudge(policies).Judge(happenings)] };
        }

        return (new Trial(happenings, judgement), string.Empty);
    }

    private static Trial Failed(Disagreement unsound) =>
        new(new Happenings([], IsComplete: true),
            new Judgement(0, 0, 0, 0, 0, [unsound], new Dictionary<string, int>()));
}
