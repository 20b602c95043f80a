using CachePolicyOperator.Core.HeaderFields;
using CachePolicyOperator.Core.Verification.Values;

namespace CachePolicyOperator.Core.Verification.State;

/// <summary>
/// The fields that say of an answer that it is somebody's: without them it looks as if it were anybody's.
/// </summary>
internal static class OwnershipMarks
{
    public const string SetCookie = "beresp.http." + ResponseFields.SetCookie;

    public static readonly string[] Fields = [.. ResponseFields.OfOwner.Select(f => "beresp.http." + f)];

    /// <summary>Whether the answer has lost one of them.</summary>
    public static bool AreLost(SymbolicState answer) =>
        Array.Exists(Fields, field => answer.FieldOf(field) is AbsentField);
}
