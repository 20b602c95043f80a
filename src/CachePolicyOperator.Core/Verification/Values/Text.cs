using CachePolicyOperator.Core.Routes.Automata;

namespace CachePolicyOperator.Core.Verification.Values;

/// <summary>The value of a string expression, as a function of the inputs. Absent fields read as empty.</summary>
internal abstract record Text
{
    public static Text Empty { get; } = new ConstantText(string.Empty);

    /// <summary>The inputs that the value may tell something about.</summary>
    public abstract IEnumerable<Input> Taint { get; }
}

internal sealed record ConstantText(string Value) : Text
{
    // Computed once: a VCL may hold megabytes of text.
    private readonly int _hash = Value.GetHashCode(StringComparison.Ordinal);

    public override IEnumerable<Input> Taint => [];

    public bool Equals(ConstantText? other) => _hash == other?._hash && Value == other.Value;

    public override int GetHashCode() => _hash;
}

/// <summary>The value of an input as it arrived; of a header field, of its first line.</summary>
internal sealed record InputText(Input Input) : Text
{
    public override IEnumerable<Input> Taint => [Input];
}

/// <summary>What a function of one string makes of another value.</summary>
internal sealed record MappedText(Text Source, TextMap Map) : Text
{
    // Of a long chain of rewrites, each hash is made of the one before.
    private readonly int _hash = HashCode.Combine(Source, Map);

    public override IEnumerable<Input> Taint => Source.Taint;

    public bool Equals(MappedText? other) =>
        ReferenceEquals(this, other)
            || (other is not null && _hash == other._hash && Map.Equals(other.Map) && Source.Equals(other.Source));

    public override int GetHashCode() => _hash;
}

/// <summary>Values written one after the other, without a separator.</summary>
internal sealed record JoinedText(EquatableList<Text> Parts) : Text
{
    public override IEnumerable<Input> Taint => Parts.Items.SelectMany(p => p.Taint);

    /// <summary>Joins values; constants that meet become one.</summary>
    public static Text Of(IEnumerable<Text> parts)
    {
        var joined = new List<Text>();
        foreach (var part in parts.SelectMany(p => p is JoinedText j ? j.Parts.Items : [p]))
        {
            if (part is ConstantText { Value: "" })
            {
                continue;
            }

            if (part is ConstantText next && joined.LastOrDefault() is ConstantText last)
            {
                joined[^1] = new ConstantText(last.Value + next.Value);
            }
            else
            {
                joined.Add(part);
            }
        }

        return joined.Count switch { 0 => Empty, 1 => joined[0], _ => new JoinedText(joined.ToEquatableList()) };
    }
}

/// <summary>Some value within a bound: what could not be followed. Every such value is its own unknown.</summary>
internal sealed record AnyText(Language Bound, EquatableList<Input> Inputs, OverApproximation? Why, UnknownId Id) : Text
{
    public override IEnumerable<Input> Taint => Inputs.Items;
}
