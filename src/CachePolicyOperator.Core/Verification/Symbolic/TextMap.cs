using CachePolicyOperator.Core.Routes.Automata;

namespace CachePolicyOperator.Core.Verification.Symbolic;

/// <summary>
/// A function of one string, as far as languages need it. Image and pre-image may hold too much, never too little.
/// Two maps with one key are the same function.
/// </summary>
internal abstract class TextMap(string key, bool isExact) : IEquatable<TextMap>
{
    public string Key => key;

    /// <summary>Whether image and pre-image hold nothing but what the function does.</summary>
    public bool IsExact => isExact;

    public abstract Language Image(Language language, Budget budget);

    public abstract Language PreImage(Language language, Budget budget);

    public bool Equals(TextMap? other) => other?.Key == Key;

    public override bool Equals(object? obj) => Equals(obj as TextMap);

    public override int GetHashCode() => Key.GetHashCode(StringComparison.Ordinal);
}

/// <summary>A map that one transducer describes.</summary>
internal sealed class TransducerMap(string key, Transducer transducer, bool isExact = true) : TextMap(key, isExact)
{
    public override Language Image(Language language, Budget budget) => language.Image(transducer, budget);

    public override Language PreImage(Language language, Budget budget) => language.PreImage(transducer, budget);
}
