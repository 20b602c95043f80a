using CachePolicyOperator.Core.Diagnostics;

namespace CachePolicyOperator.Cli.Replay;

/// <summary>One way to show a leak: one visitor asks, then another, and the origin answers so.</summary>
internal sealed record ReplayAttempt(Visitor First, Visitor Second, OriginAnswer Answer);

/// <summary>Somebody with a request, which may have a body.</summary>
internal sealed record Visitor(string Name, Witness Request, string Body = "");
