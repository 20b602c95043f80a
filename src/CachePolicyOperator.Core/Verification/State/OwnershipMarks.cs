using CachePolicyOperator.Core.Verification.Values;

namespace CachePolicyOperator.Core.Verification.State;

/// <summary>
/// The fields that say of an answer that it is somebody's: without them it looks as if it were anybody's.
/// </summary>
internal static class OwnershipMarks
{
    public const string SetCookie = "beresp.http.set-cookie";

    public static readonly string[] Fields = ["beresp.http.cache-control", SetCookie];

    /// <summary>Whether the answer has lost one of them.</summary>
    public static bool AreLost(SymbolicState answer) =>
        Array.Exists(Fields, field => answer.FieldOf(field) is AbsentField);
}
