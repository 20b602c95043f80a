using CachePolicyOperator.Core.Routes.Automata;

namespace CachePolicyOperator.Core.Verification.Values;

/// <summary>How varnishd writes values that are no strings.</summary>
internal static class TypedMap
{
    /// <summary>
    /// How varnishd writes a value that is no string: not modelled, only that the same value is written the same.
    /// </summary>
    public static TextMap AsText { get; } = WritesAnything();

    private static TextMap WritesAnything()
    {
        var builder = new TransducerBuilder();
        var (read, written) = (builder.AddState(), builder.AddState(accepting: true));
        builder.Drop(read, ByteSet.All, read);
        builder.Jump(read, written);
        // Of some variables the values are text that clients send.
        builder.InsertAny(written, written);
        return new TextMap("typed", builder.Build(),
            why: new OverApproximation(default, "how a typed value is written is not modelled"));
    }
}
