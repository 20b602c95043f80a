using CachePolicyOperator.Core.Routes.Automata;

namespace CachePolicyOperator.Core.Verification.Values;

/// <summary>
/// <c>std.tolower</c>, <c>std.toupper</c> and the methods <c>.lower()</c> and <c>.upper()</c>: ASCII letters only.
/// </summary>
internal static class CaseMap
{
    public static TextMap Lower { get; } = new TextMap("lower", Build('A', 'a'));

    public static TextMap Upper { get; } = new TextMap("upper", Build('a', 'A'));

    private static Transducer Build(char from, char to)
    {
        var builder = new TransducerBuilder();
        var state = builder.AddState(accepting: true);
        var letters = ByteSet.Empty;
        for (var i = 0; i < 26; i++)
        {
            var letter = ByteSet.Of((byte)(from + i));
            letters |= letter;
            builder.Write(state, letter, (byte)(to + i), state);
        }

        builder.Copy(state, ~letters, state);
        return builder.Build();
    }
}
