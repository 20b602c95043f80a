using CachePolicyOperator.Core.Diagnostics;

namespace CachePolicyOperator.Cli.Replay;

/// <summary>What a replay of one witness showed.</summary>
internal enum ReplayOutcome
{
    /// <summary>The second visitor was served the first one's page.</summary>
    Leaked,

    /// <summary>It was not: either this program or the verifier is wrong.</summary>
    DidNotLeak,

    /// <summary>This varnishd cannot show it; <see cref="ReplayResult.Reason"/> says why.</summary>
    NotComparable,
}

/// <summary>A replay with its conversation: of the attempt that leaked, or of the first one.</summary>
internal sealed record ReplayResult(
    Diagnostic Diagnostic, ReplayOutcome Outcome, ReplayAttempt Attempt, Conversation? Conversation,
    string? Reason = null);

/// <summary>
/// Both answers, and what the origin was asked for each; and for the second visitor with an empty cache, where that
/// matters.
/// </summary>
internal sealed record Conversation(
    RawAnswer FirstAnswer,
    IReadOnlyList<OriginRequest> AskedForFirst,
    RawAnswer SecondAnswer,
    IReadOnlyList<OriginRequest> AskedForSecond,
    IReadOnlyList<OriginRequest>? AskedForSecondAlone)
{
    /// <summary>
    /// The origin would have been asked something else for the second visitor, so that the answer may differ.
    /// </summary>
    public bool WouldDiffer =>
        AskedForSecondAlone is null
        || !AskedForSecondAlone.Select(Essence).SequenceEqual(AskedForFirst.Select(Essence));

    /// <summary>The second visitor has the error page that was made for the first one.</summary>
    public bool IsSharedErrorPage =>
        AskedForSecond.Count == 0 && AskedForFirst.Count > 0 && FirstAnswer.Body.Length > 0
            && SecondAnswer.Body == FirstAnswer.Body;

    /// <summary>The second visitor has the page that the origin made for the first one.</summary>
    public bool IsLeak =>
        AskedForSecond.Count == 0 && AskedForFirst.Count > 0 && PageOf(FirstAnswer) is { } page
            && PageOf(SecondAnswer) == page;

    /// <summary>The number of the page; null where the answer is no page of the origin.</summary>
    public static string? PageOf(RawAnswer answer) =>
        answer.Find(HostileOrigin.PageField)
        ?? (answer.Body.Contains("page ", StringComparison.Ordinal)
            ? answer.Body.Split("page ")[1].Split('\n')[0]
            : null);

    private static string Essence(OriginRequest request) => string.Join('\n',
        request.Headers.Items.Where(h => h.Name.ToLowerInvariant() is not ("x-varnish" or "x-vinyl"))
            .Select(h => $"{h.Name}: {h.Value}")
            .Prepend(request.Line));
}
