using CachePolicyOperator.Core.Diagnostics;

namespace CachePolicyOperator.Core.Verification.Questions;

/// <summary>A request as it arrives: the target as on the request line, header lines in order.</summary>
public sealed record Request(string Method, string Target, EquatableList<HeaderField> Headers);
