using CachePolicyOperator.Core.Routes.Automata;
using CachePolicyOperator.Core.Routes.Regex;

namespace CachePolicyOperator.Core.Vcl.Render;

/// <summary>Regular expressions that users wrote, joined where joining cannot change what they mean.</summary>
internal static class UserRegex
{
    /// <summary>
    /// Expressions whose union is the union of <paramref name="patterns"/>: plain ones as alternatives of one,
    /// each other one by itself.
    /// </summary>
    /// <exception cref="ArgumentException">One of them is more than PCRE2 takes.</exception>
    public static IEnumerable<string> Join(IReadOnlyList<string> patterns)
    {
        var (joined, size) = (new List<string>(), 0L);
        foreach (var pattern in patterns.Where(IsPlain))
        {
            var more = SizeOf(pattern);
            if (joined.Count > 0 && size + more > CompiledSize.Most)
            {
                yield return string.Join('|', joined);
                (joined, size) = ([], 0);
            }

            joined.Add(pattern);
            size += more;
        }

        if (joined.Count > 0)
        {
            yield return string.Join('|', joined);
        }

        foreach (var pattern in patterns.Where(p => !IsPlain(p)))
        {
            SizeOf(pattern);
            yield return pattern;
        }
    }

    // What the model refuses (a pattern that is none) is not told here.
    private static long SizeOf(string pattern)
    {
        try
        {
            var size = CompiledSize.Of(pattern);
            return size <= CompiledSize.Most ? size
                : throw new ArgumentException(
                    $"`{pattern[..Math.Min(pattern.Length, 60)]}` is a pattern of {size} bytes, and varnishd takes "
                        + $"{CompiledSize.Most}");
        }
        catch (Exception e) when (e is RegexSyntaxException or BudgetExceededException)
        {
            return CompiledSize.Most;
        }
    }

    /// <summary>
    /// Whether a pattern stays itself as an alternative: balanced, without options, references, verbs, quoting or
    /// comments. Alternation binds loosest, so such a pattern needs no group around it.
    /// </summary>
    public static bool IsPlain(string pattern)
    {
        var depth = 0;
        for (var i = 0; i < pattern.Length; i++)
        {
            switch (pattern[i])
            {
                case '\\' when i + 1 < pattern.Length && (char.IsAsciiLetterOrDigit(pattern[i + 1])
                    ? "dDwWsS".Contains(pattern[i + 1])
                    : char.IsAscii(pattern[i + 1])):
                    i++;
                    break;
                case '[':
                    i = EndOfClass(pattern, i);
                    break;
                case '(' when i + 1 < pattern.Length && pattern[i + 1] == '*':
                    return false;
                case '(' when i + 1 < pattern.Length
                    && pattern[i + 1] == '?'
                    && (i + 2 >= pattern.Length || pattern[i + 2] != ':'):
                    return false;
                case '(':
                    depth++;
                    break;
                case ')' when --depth < 0:
                case '\\':
                    return false;
            }

            if (i < 0)
            {
                return false;
            }
        }

        return depth == 0 && !pattern.Contains('\0');
    }

    // The place of the closing bracket, or -2 where the class is odd enough to be left alone.
    private static int EndOfClass(string pattern, int open)
    {
        const int odd = -2;
        var i = open + 1;
        if (i < pattern.Length && pattern[i] == '^')
        {
            i++;
        }

        for (var first = i; i < pattern.Length; i++)
        {
            switch (pattern[i])
            {
                case ']' when i == first:
                case '[':
                    return odd;
                case ']':
                    return i;
                case '\\' when i + 1 < pattern.Length
                    && (!char.IsAsciiLetterOrDigit(pattern[i + 1]) || "dDwWsS".Contains(pattern[i + 1])):
                    i++;
                    break;
                case '\\':
                    return odd;
            }
        }

        return odd;
    }
}
