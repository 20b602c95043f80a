using CachePolicyOperator.Core.Vcl.Syntax;
using CachePolicyOperator.Core.Vcl.Variables;
using static CachePolicyOperator.Core.Vcl.Variables.VclType;

namespace CachePolicyOperator.Core.Vcl.Semantics;

/// <summary>What varnishd's operators take and give.</summary>
internal static class TypeRules
{
    private static readonly (bool Subtract, VclType Left, VclType Right, VclType Result)[] Sums =
    [
        (false, Bytes, Bytes, Bytes), (true, Bytes, Bytes, Bytes),
        (false, Duration, Duration, Duration), (true, Duration, Duration, Duration),
        (false, WholeNumber, WholeNumber, WholeNumber), (true, WholeNumber, WholeNumber, WholeNumber),
        (false, WholeNumber, RealNumber, RealNumber), (true, WholeNumber, RealNumber, RealNumber),
        (false, RealNumber, WholeNumber, RealNumber), (true, RealNumber, WholeNumber, RealNumber),
        (false, RealNumber, RealNumber, RealNumber), (true, RealNumber, RealNumber, RealNumber),
        (true, Time, Time, Duration), (false, Time, Duration, Time), (true, Time, Duration, Time),
    ];

    /// <summary>The result of arithmetic; null where the types do not go together.</summary>
    public static VclType? Sum(bool subtract, VclType left, VclType right) =>
        Array.Find(Sums,
            s => s.Subtract == subtract && s.Left == left && s.Right == right) is { Result: not Unknown } rule
            ? rule.Result
            : null;

    /// <summary>Whether a sum may begin with the type.</summary>
    public static bool CanSum(bool subtract, VclType left) =>
        Array.Exists(Sums, s => s.Subtract == subtract && s.Left == left);

    /// <summary>What a value may be multiplied with; null where it cannot be.</summary>
    public static VclType? Factor(VclType left) => left switch
    {
        WholeNumber => WholeNumber,
        Bytes or Duration or RealNumber => RealNumber,
        _ => null,
    };

    public static bool CanCompare(VclType type, ComparisonOperator comparison) => type switch
    {
        Unknown or Text or WholeNumber or Duration or Bytes or RealNumber or Time => true,
        Backend or Acl or Probe or Stevedore or Sub or Instance or Bool or Ip =>
            comparison is ComparisonOperator.Equal or ComparisonOperator.NotEqual,
        _ => false,
    };

    public static bool ConvertsToText(VclType type) =>
        type is not (Http or Probe or Regex or Sub or VclType.Vcl or VclType.Void or Body or Instance);

    /// <summary>A REAL is not a truth: whoever compares one with zero has to say so.</summary>
    public static bool ConvertsToBool(VclType type) =>
        type is Unknown or Bool or Backend or WholeNumber or Duration or Text;

    /// <summary>Whether a value of the type may stand where another is wanted.</summary>
    public static bool Converts(VclType type, VclType wanted) => (type, wanted) switch
    {
        (Unknown, _) or (_, Unknown) => true,
        (_, Text) => ConvertsToText(type),
        (_, Bool) => ConvertsToBool(type),
        (_, Body) => type == Blob || ConvertsToText(type),
        _ => type == wanted,
    };

    /// <summary>What the right side of an assignment must be; null where the variable has no such assignment.</summary>
    public static VclType? Assigned(VclType variable, AssignmentOperator assignment) => (variable, assignment) switch
    {
        (Unknown, _) => Unknown,
        (WholeNumber, _) => WholeNumber,
        (Time, AssignmentOperator.Assign) => Time,
        (Time or Duration, AssignmentOperator.Multiply or AssignmentOperator.Divide) => RealNumber,
        (Time or Duration, _) => Duration,
        (Text or Header, AssignmentOperator.Assign or AssignmentOperator.Add) => Text,
        (Body, AssignmentOperator.Assign or AssignmentOperator.Add) => Body,
        (_, AssignmentOperator.Assign) => variable,
        _ => null,
    };
}
