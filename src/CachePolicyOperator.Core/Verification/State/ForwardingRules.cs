using CachePolicyOperator.Core.HeaderFields;
using CachePolicyOperator.Core.Verification.Values;

namespace CachePolicyOperator.Core.Verification.State;

/// <summary>
/// What varnishd does to header fields when it makes a backend request of a client's for a fetch that may be stored
/// (7.1, include/tbl/http_headers.h), before <c>vcl_backend_fetch</c> sees it.
/// </summary>
internal static class ForwardingRules
{
    /// <summary>Whether a request whose Connection names the input's field is refused.</summary>
    public static bool IsNeverNamed(Input input) =>
        input.IsOfClientField && RequestFields.NeverNamed.Contains(input.FieldName!);

    /// <summary>Values of Connection that name nothing that would be forwarded otherwise.</summary>
    public static SharedPattern NamesNothing { get; } =
        new($@"(?i)\A[ \t,]*(?:(?:close|{string.Join('|', RequestFields.Dropped)})(?:[ \t]*,[ \t,]*|[ \t]*\z))*\z");

    /// <summary>What varnishd writes into <see cref="Input.NumberSentBy"/>, beside what a client sent there.</summary>
    public static Field Number { get; } = WrittenByVarnishd("the number of the request");

    /// <summary>What varnishd writes into a field of its own accord.</summary>
    public static Field WrittenByVarnishd(string what) =>
        new WrittenField(new MappedText(new ConstantText(what), TypedMap.AsText));

    /// <summary>Why a field may be gone that <see cref="Flag.Naming"/> is about.</summary>
    public static OverApproximation Named { get; } =
        new(default, "`Connection` may name a field, which is then dropped");
}
