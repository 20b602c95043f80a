using CachePolicyOperator.Core.Routes.Automata;

namespace CachePolicyOperator.Core.Verification.Values;

/// <summary>The bytes that varnishd lets through.</summary>
internal static class InputBytes
{
    /// <summary>In HTTP/1 request targets: facts from varnishd 7.1, any byte but controls, space and DEL.</summary>
    public static ByteSet OfTargets { get; } = ~(ByteSet.Range(0, 0x20) | ByteSet.Of(0x7f));

    /// <summary>
    /// In the source of a fragment, which it takes as the page says it, unless there are blanks or line breaks in it.
    /// </summary>
    public static ByteSet OfFragments { get; } =
        ~(ByteSet.Of('\0') | ByteSet.Of('\t') | ByteSet.Of('\n') | ByteSet.Of('\r') | ByteSet.Of(' '));

    /// <summary>In values of header fields.</summary>
    public static ByteSet OfValues { get; } = ByteSet.Of(0x09) | ByteSet.Range(0x20, 0x7e) | ByteSet.Range(0x80, 0xff);
}
