using CachePolicyOperator.Core.Routes.Automata;
using CachePolicyOperator.Core.Verification.Values;

namespace CachePolicyOperator.Oracle.Model;

/// <summary>
/// Values of the model for concrete inputs. Remembers what maps make of words: requests repeat each other.
/// </summary>
internal sealed class ConcreteValues
{
    private readonly Dictionary<(string Map, string Word), Values> _images = [];
    private readonly Language _any = Language.All;

    public Values Of(Text text, ConcreteInputs inputs) => text switch
    {
        ConstantText constant => Values.Of(constant.Value),
        InputText input => inputs.Reading(input.Input) is { } readings
            ? Values.Of(readings)
            : Values.Within(_any),
        MappedText mapped => Mapped(mapped, inputs),
        JoinedText joined => Joined([.. joined.Parts.Items.Select(p => Of(p, inputs))]),
        AnyText any => Values.Within(any.Bound),
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    private Values Mapped(MappedText mapped, ConcreteInputs inputs)
    {
        var source = Of(mapped.Source, inputs);
        if (source.Words is not { } words)
        {
            return Image(mapped.Map, source.Bound!);
        }

        var images = words.Select(w => ImageOf(mapped.Map, w)).ToList();
        return Union(images);
    }

    private Values ImageOf(TextMap map, string word)
    {
        if (!_images.TryGetValue((map.Key, word), out var image))
        {
            _images.Add((map.Key, word), image = Image(map, Language.Literal(word)));
        }

        return image;
    }

    private static Values Image(TextMap map, Language language)
    {
        try
        {
            return Values.Enumerate(map.Image(language, Budget.ForPattern()));
        }
        catch (BudgetExceededException)
        {
            return Values.Within(Language.All);
        }
    }

    private static Values Union(List<Values> all)
    {
        if (all.All(v => v.Words is not null))
        {
            return Values.Of([.. all.SelectMany(v => v.Words!).Distinct()]);
        }

        var budget = Budget.ForPattern();
        return Values.Within(Language.Union(all.Select(v => v.ToLanguage(budget)), budget));
    }

    private static Values Joined(IReadOnlyList<Values> parts)
    {
        IReadOnlyList<string> words = [string.Empty];
        foreach (var part in parts)
        {
            if (part.Words is not { } next || words.Count * next.Count > Values.MaxWords)
            {
                var budget = Budget.ForPattern();
                return Values.Within(Language.Concat(parts.Select(p => p.ToLanguage(budget)), budget));
            }

            words = [.. words.SelectMany(w => next.Select(n => w + n))];
        }

        return Values.Of(words);
    }
}
