using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;
using CachePolicyOperator.Core.Diagnostics;
using CachePolicyOperator.Core.Vcl;
using CachePolicyOperator.Core.Vcl.Syntax;
using CachePolicyOperator.Core.Verification;

namespace CachePolicyOperator.Cli.Replay;

/// <summary>Plays witnesses against a real varnishd and an origin that makes every visitor a page of its own.</summary>
internal sealed partial class Replayer : IAsyncDisposable
{
    private readonly HostileOrigin _origin;
    private readonly ThrowAwayVarnish _varnish;
    private readonly VclQuestion _question;
    private readonly TimeProvider _time;
    private readonly IReadOnlyList<string> _fields;
    private readonly bool _parsesEsi;

    private Replayer(
        HostileOrigin origin, ThrowAwayVarnish varnish, VclFile vcl, VclQuestion question, TimeProvider time)
    {
        (_origin, _varnish, _question, _time) = (origin, varnish, question, time);
        _parsesEsi = vcl.Sources.Items.Any(s => s.File.Text.Contains("do_esi", StringComparison.OrdinalIgnoreCase));
        _fields = [.. vcl.Sources.Items.SelectMany(s => RequestField().Matches(s.File.Text))
            .Select(m => m.Groups[1].Value).Distinct(StringComparer.OrdinalIgnoreCase)];
    }

    /// <summary>What plays: <c>varnishd 7.1.1</c>.</summary>
    public string Program => _varnish.Program;

    /// <exception cref="VarnishRefusedException">varnishd does not take the VCL.</exception>
    public static async Task<Replayer> StartAsync(
        string program, VclFile vcl, VclQuestion question, TimeProvider time, CancellationToken cancellationToken)
    {
        var origin = HostileOrigin.Start();
        try
        {
            var text = ReplayVcl.Of(vcl, "127.0.0.1", origin.Port.ToString());
            var varnish = await ThrowAwayVarnish.StartAsync(program, Encoding.Latin1.GetBytes(text),
                question.AllowsUnused, time, cancellationToken);
            return new Replayer(origin, varnish, vcl, question, time);
        }
        catch
        {
            await origin.DisposeAsync();
            throw;
        }
    }

    /// <summary>Tries the ways to show the diagnostic until one does.</summary>
    public async Task<ReplayResult> ReplayAsync(Diagnostic diagnostic, CancellationToken cancellationToken)
    {
        ReplayResult? first = null;
        ReplayResult? alike = null;
        var wasAsked = false;
        var asksAlone = AttemptPlan.IsOfInputs(diagnostic) || AttemptPlan.IsOfPeople(diagnostic);
        foreach (var attempt in AttemptPlan.For(diagnostic, _question.Identity, _fields))
        {
            var conversation = await TalkAsync(attempt, asksAlone, cancellationToken);
            if (attempt.Answer.HangsUp ? conversation.IsSharedErrorPage : conversation.IsLeak
                && conversation.WouldDiffer)
            {
                return new ReplayResult(diagnostic, ReplayOutcome.Leaked, attempt, conversation);
            }

            if (AttemptPlan.IsOfPeople(diagnostic) && conversation.IsLeak)
            {
                alike ??= new ReplayResult(diagnostic, ReplayOutcome.NotComparable, attempt, conversation,
                    "one page is served to both visitors, and the origin would be asked the same for each: it can only " +
                        "have made it for everybody");
            }

            wasAsked |= conversation.AskedForFirst.Count > 0;
            first ??= new ReplayResult(diagnostic, ReplayOutcome.DidNotLeak, attempt, conversation);
        }

        return alike is not null ? alike : WhyNotComparable(diagnostic, wasAsked) is { } reason
            ? first! with { Outcome = ReplayOutcome.NotComparable, Reason = reason }
            : first!;
    }

    public async ValueTask DisposeAsync()
    {
        await _varnish.DisposeAsync();
        await _origin.DisposeAsync();
    }

    private async Task<Conversation> TalkAsync(
        ReplayAttempt attempt, bool asksAlone, CancellationToken cancellationToken)
    {
        try
        {
            IReadOnlyList<OriginRequest>? alone = null;
            if (asksAlone)
            {
                await _varnish.ForgetAsync(cancellationToken);
                (_, alone) = await AskAsync(attempt.Second, attempt.Answer, cancellationToken);
            }

            await _varnish.ForgetAsync(cancellationToken);
            var (first, asked) = await AskAsync(attempt.First, attempt.Answer, cancellationToken);
            var (second, askedAgain) = await AskAsync(attempt.Second, attempt.Answer, cancellationToken);
            return new Conversation(first, asked, second, askedAgain, alone);
        }
        catch (Exception e) when (e is IOException or SocketException
            || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            throw new VarnishRefusedException(
                $"it does not answer `{attempt.First.Request.Method} {attempt.First.Request.Target}`: {e.Message}");
        }
    }

    private async Task<(RawAnswer Answer, IReadOnlyList<OriginRequest> Asked)> AskAsync(Visitor visitor,
        OriginAnswer answer, CancellationToken cancellationToken)
    {
        _origin.Use(answer);
        return (await RawExchange.SendAsync(_varnish.Port, visitor, _time, cancellationToken), _origin.Asked());
    }

    private string? WhyNotComparable(Diagnostic diagnostic, bool wasAsked)
    {
        if (!wasAsked)
        {
            return "varnishd never asked a backend that the VCL declares, so nothing can be shown with another origin";
        }

        _ = EngineVersion.TryParse(_varnish.Version, out var here);
        if (here.Major != _question.Engine.Major)
        {
            return $"the verdict is for {_question.Engine.Name}, and {_varnish.Name} runs here";
        }

        if (diagnostic.Code == "identity/unkeyed" && _parsesEsi)
        {
            return "the VCL parses pages for ESI: a fragment carries what the client sent, and a replay has no page "
                + "around one";
        }

        if (diagnostic.Trace.Items.Any(step => step.Text.Contains("req.esi_level", StringComparison.OrdinalIgnoreCase)))
        {
            return "it takes a page that includes another one";
        }

        if (AttemptPlan.WhyItTakesMore(diagnostic) is { } more)
        {
            return more;
        }

        if (diagnostic.Code == "response/stored-private"
            && diagnostic.Witness!.Response.Items.Any(h => h.Name == "Vary"))
        {
            return "the object that is stored serves only requests with the same `Vary` fields; that it is stored "
                + "cannot be seen from outside";
        }

        return diagnostic.Code == "response/not-uncacheable" && here < new EngineVersion(8, 0)
            ? $"{_varnish.Name} does not hand such an object to others; Varnish 8 hands it to every request that waits "
                + "for it"
            : null;
    }

    [GeneratedRegex(@"\breq\.http\.([A-Za-z0-9_-]+)", RegexOptions.IgnoreCase)]
    private static partial Regex RequestField();
}
