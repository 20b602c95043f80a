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
    Diagnostic Diagnostic, ReplayOutcome Outcome, ReplayAttempt Attempt, Conversation? Conversation, string? Reason = null);

/// <summary>Both answers, and what the origin was asked for each.</summary>
internal sealed record Conversation(
    RawAnswer FirstAnswer, IReadOnlyList<OriginRequest> AskedForFirst, RawAnswer SecondAnswer, IReadOnlyList<OriginRequest> AskedForSecond)
{
    /// <summary>The second visitor has the page that the origin made for the first one.</summary>
    public bool IsLeak => AskedForSecond.Count == 0 && AskedForFirst.Count > 0 && PageOf(FirstAnswer) is { } page && PageOf(SecondAnswer) == page;

    /// <summary>The number of the page; null where the answer is no page of the origin.</summary>
    public static string? PageOf(RawAnswer answer) =>
        answer.Find(HostileOrigin.PageField)
        ?? (answer.Body.Contains("page ", StringComparison.Ordinal) ? answer.Body.Split("page ")[1].Split('\n')[0] : null);
}
