using CachePolicyOperator.Core.Routes.Automata;

namespace CachePolicyOperator.Core.Verification.Values;

/// <summary>
/// A function of one string, as a relation that a finite machine walks. The relation may hold more than the function,
/// never less. Two maps with one key are the same function.
/// </summary>
/// <param name="unchanged">Words that the function leaves as they are; null where none are known.</param>
/// <param name="why">Why the relation holds more than the function; null where it does not.</param>
/// <param name="exactOn">
/// Words of which the relation holds what the function makes of them and nothing else, although there is a
/// <paramref name="why"/>.
/// </param>
/// <param name="simple">
/// The function on texts of which it makes no more than one thing; null where that is every text. What is found of the
/// function's value is remembered with the value, for the relation does not tell it back.
/// </param>
/// <param name="image">What the function makes of words, where that is known better than by the relation.</param>
/// <param name="cutsAt">
/// The function keeps what stands before the first byte of this value, in texts of one line; null where it does not.
/// </param>
internal sealed class TextMap(string key, Transducer transducer, Language? unchanged = null,
    OverApproximation? why = null, char? cutsAt = null, TextMap? simple = null,
    Func<Language, Budget, Language>? image = null, Language? exactOn = null)
    : IEquatable<TextMap>
{
    /// <summary>Key of what <c>std.querysort</c> does.</summary>
    public const string SortedQuery = "querysort";

    private readonly int _hash = key.GetHashCode(StringComparison.Ordinal);
    private readonly Lazy<Transducer> _transducer = new(transducer.Reduced);
    private readonly Lazy<ByteSet?> _keptPath = new(() => PathBeforeQuery.KeptBy(transducer));

    public string Key => key;

    /// <summary>
    /// The relation. Of many maps only <see cref="KeptPath"/> is asked: it is made small when somebody walks it.
    /// </summary>
    public Transducer Transducer => _transducer.Value;

    public Language? Unchanged => unchanged;

    public OverApproximation? Why => why;

    public Language? ExactOn => exactOn;

    public char? CutsAt => cutsAt;

    /// <summary>See <see cref="PathBeforeQuery.KeptBy"/>.</summary>
    public ByteSet? KeptPath => _keptPath.Value;

    public TextMap? Simple => simple;

    public Language Image(Language language, Budget budget) =>
        image is null ? language.Image(Transducer, budget) : image(language, budget);

    /// <summary>
    /// What the function makes of one word; null where the relation leaves more than one thing possible.
    /// </summary>
    public byte[]? Made(byte[] word, Budget budget) =>
        Unchanged?.Accepts(word) == true ? word
        : image is null ? TransducerRun.Of(Transducer, word, budget)
        : image(Language.Literal(word), budget).OnlyWord(budget);

    public bool Equals(TextMap? other) => ReferenceEquals(this, other) || (other?._hash == _hash && other.Key == Key);

    public override bool Equals(object? obj) => Equals(obj as TextMap);

    public override int GetHashCode() => _hash;
}
