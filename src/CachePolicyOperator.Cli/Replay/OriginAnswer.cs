using CachePolicyOperator.Core;
using CachePolicyOperator.Core.Diagnostics;

namespace CachePolicyOperator.Cli.Replay;

/// <summary>
/// What the hostile origin answers, besides the page itself; <paramref name="HangsUp"/>: nothing at all.
/// </summary>
internal sealed record OriginAnswer(int Status, EquatableList<HeaderField> Headers, bool HangsUp = false);

/// <summary>A request as the origin saw it.</summary>
internal sealed record OriginRequest(string Line, EquatableList<HeaderField> Headers);
