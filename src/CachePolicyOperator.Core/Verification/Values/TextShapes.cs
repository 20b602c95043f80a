namespace CachePolicyOperator.Core.Verification.Values;

/// <summary>
/// What values are made of, where only one part is not constant, and the maps that make the values of it. Each is found
/// once.
/// </summary>
internal sealed class TextShapes
{
    private readonly Dictionary<Text, Input> _found = [];
    private readonly Dictionary<Text, (Text Source, EquatableList<TextMap> Maps)> _unwrapped = [];
    private readonly Dictionary<Text, (Text Source, EquatableList<TextMap> Maps)> _loose = [];

    /// <summary>The value that the text is made of.</summary>
    public (Text Source, EquatableList<TextMap> Maps) Unwrapped(Text text)
    {
        if (text is not (MappedText or JoinedText))
        {
            return (text, []);
        }

        if (!_unwrapped.TryGetValue(text, out var unwrapped))
        {
            _unwrapped.Add(text, unwrapped = Unwrap(text, _ => false));
        }

        return unwrapped;
    }

    /// <summary>The same, down to the first value that its source does not tell exactly.</summary>
    public (Text Source, EquatableList<TextMap> Maps) UnwrappedToLoose(Text text)
    {
        if (text is not (MappedText or JoinedText))
        {
            return (text, []);
        }

        if (!_loose.TryGetValue(text, out var unwrapped))
        {
            _loose.Add(text, unwrapped = Unwrap(text, t => t is MappedText { Map.Simple: not null }));
        }

        return unwrapped;
    }

    /// <summary>What is found of a value, as an input; null where there is nothing to remember.</summary>
    public Input? FoundOf(Text text)
    {
        if (text is not MappedText { Map.Simple: not null }
            || Unwrapped(text) is not (InputText { Input: var input }, _))
        {
            return null;
        }

        if (!_found.TryGetValue(text, out var found))
        {
            _found.Add(text, found = input.FoundOf(_found.Count));
        }

        return found;
    }

    private static (Text Source, EquatableList<TextMap> Maps) Unwrap(Text text, Func<Text, bool> isSource)
    {
        var maps = new List<TextMap>();
        while (true)
        {
            switch (text)
            {
                case var _ when isSource(text):
                    maps.Reverse();
                    return (text, maps.ToEquatableList());
                case MappedText mapped:
                    maps.Add(mapped.Map);
                    text = mapped.Source;
                    continue;
                case JoinedText joined when joined.Parts.Items.Count(p => p is not ConstantText) == 1:
                    maps.Add(AffixMap.Of(
                        string.Concat(joined.Parts.Items.TakeWhile(p => p is ConstantText)
                            .Select(p => ((ConstantText)p).Value)),
                        string.Concat(joined.Parts.Items.SkipWhile(p => p is ConstantText).Skip(1)
                            .Select(p => ((ConstantText)p).Value))));
                    text = joined.Parts.Items.First(p => p is not ConstantText);
                    continue;
                default:
                    maps.Reverse();
                    return (text, maps.ToEquatableList());
            }
        }
    }
}
