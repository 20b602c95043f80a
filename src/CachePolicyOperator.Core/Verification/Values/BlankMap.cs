using CachePolicyOperator.Core.Routes.Automata;

namespace CachePolicyOperator.Core.Verification.Values;

/// <summary>What a header field reads as: blanks before its value are none of it, whoever wrote them.</summary>
internal static class BlankMap
{
    private static readonly ByteSet Blanks = ByteSet.Of(" \t");

    private static readonly Language BeginningBlank =
        Language.OneOf(Blanks).Then(Language.All, Budget.ForPattern());

    private static TextMap TrimStart { get; } = new("trim", Build());

    /// <summary>The value as it is read again.</summary>
    public static Text Trimmed(Text value) =>
        value is ConstantText { Value: var constant } ? new ConstantText(constant.TrimStart(' ', '\t'))
        : MayBegin(value) ? new MappedText(value, TrimStart)
        : value;

    /// <summary>The value that was written, where it is surely read as that; null where it may not be.</summary>
    public static Text? Written(Text value, Func<Text, Language> reading, Budget budget) =>
        value is MappedText { Map: var map, Source: var written } && map == TrimStart
        && reading(written).Intersect(BeginningBlank, budget).IsEmpty ? written : null;

    // What arrives in a field begins with none, and what is not followed may be anything as it is read.
    private static bool MayBegin(Text value) => value switch
    {
        ConstantText { Value: var constant } => constant is [' ' or '\t', ..],
        MappedText { Map: var map } mapped => map.Key switch
        {
            "lower" or "upper" or "querysort" => MayBegin(mapped.Source),
            "trim" or "typed" or "cookie.string" or "cookie.last" or "cookie.unterminated" => false,
            _ when map.Key.StartsWith("regsub", StringComparison.Ordinal) =>
                MayBegin(mapped.Source)
                    || map.Key[(map.Key.LastIndexOf('\0') + 1)..] is "" or [' ' or '\t' or '\\', ..],
            _ => true,
        },
        JoinedText joined =>
            joined.Parts.Items.TakeWhile((p, i) => i == 0 || joined.Parts[i - 1] is not ConstantText).Any(MayBegin),
        _ => false,
    };

    private static Transducer Build()
    {
        var builder = new TransducerBuilder();
        var (start, rest) = (builder.AddState(accepting: true), builder.AddState(accepting: true));
        builder.Drop(start, Blanks, start);
        builder.Copy(start, ~Blanks, rest);
        builder.Copy(rest, ByteSet.All, rest);
        return builder.Build();
    }
}
