using System.Text;
using CachePolicyOperator.Core.Routes.Automata;

namespace CachePolicyOperator.Core.Verification.Values;

/// <summary>A constant before a value and a constant after it.</summary>
internal static class AffixMap
{
    public static TextMap Of(string prefix, string suffix)
    {
        var builder = new TransducerBuilder();
        var at = Insert(builder, builder.AddState(), prefix);
        builder.Copy(at, ByteSet.All, at);
        var end = Insert(builder, at, suffix);
        builder.SetAccepting(end, true);
        return new TextMap($"affix\0{prefix}\0{suffix}", builder.Build());
    }

    private static int Insert(TransducerBuilder builder, int from, string latin1)
    {
        foreach (var value in Encoding.Latin1.GetBytes(latin1))
        {
            var to = builder.AddState();
            builder.AddArc(from, new TransducerArc(ByteSet.Empty, value, to));
            from = to;
        }

        return from;
    }
}
