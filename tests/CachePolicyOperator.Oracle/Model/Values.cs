using System.Text;
using CachePolicyOperator.Core.Routes.Automata;

namespace CachePolicyOperator.Oracle.Model;

/// <summary>What a value of the model may be for one request: a few words (Latin-1), or a language.</summary>
internal sealed record Values(IReadOnlyList<string>? Words, Language? Bound)
{
    public const int MaxWords = 16;

    public static Values Of(params IReadOnlyList<string> words) => new(words, null);

    public static Values Within(Language language) => new(null, language);

    public bool Contain(string value) => Words is { } words ? words.Contains(value) : Bound!.Accepts(value);

    /// <summary>As <see cref="Contain"/>, for a value that lost white space at its ends on the wire.</summary>
    public bool ContainTrimmed(string value) => Words is { } words
        ? words.Any(w => w.Trim(' ', '\t') == value)
        : Bound!.Accepts(value) || Bound.Accepts(" " + value) || Bound.Accepts(value + " ")
            || Bound.Accepts(" " + value + " ");

    public Language ToLanguage(Budget budget) => Bound ?? Language.Union(Words!.Select(Language.Literal), budget);

    public override string ToString() =>
        Words is { } words ? string.Join(" | ", words.Select(w => $"\"{w}\"")) : "(a language)";

    /// <summary>The words of a language where these are few; the language where they are not.</summary>
    public static Values Enumerate(Language language)
    {
        var words = new List<string>();
        var isFew = Collect(language, 0, [], words);
        return isFew ? Of(words) : Within(language);
    }

    private static bool Collect(Language language, int state, List<byte> prefix, List<string> words)
    {
        if (language.IsDead(state))
        {
            return true;
        }

        if (language.IsAccepting(state))
        {
            words.Add(Encoding.Latin1.GetString([.. prefix]));
        }

        if (words.Count > MaxWords || prefix.Count > 2000)
        {
            return false;
        }

        foreach (var (set, to) in language.ArcsOf(state))
        {
            if (language.IsDead(to))
            {
                continue;
            }

            foreach (var value in Enumerable.Range(0, 256).Where(b => set.Contains((byte)b)))
            {
                prefix.Add((byte)value);
                var isFew = Collect(language, to, prefix, words);
                prefix.RemoveAt(prefix.Count - 1);
                if (!isFew)
                {
                    return false;
                }
            }
        }

        return true;
    }
}
