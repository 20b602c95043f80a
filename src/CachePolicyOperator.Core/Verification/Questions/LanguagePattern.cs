using CachePolicyOperator.Core.Routes.Automata;

namespace CachePolicyOperator.Core.Verification.Questions;

/// <summary>Writes a small language of request targets as a regular expression that a person can read.</summary>
internal static class LanguagePattern
{
    private const int MaxStates = 24;
    private const int MaxLength = 160;

    private static readonly ByteSet TargetBytes = ByteSet.Range(0x21, 0x7e) | ByteSet.Range(0x80, 0xff);

    /// <summary>The pattern, for the whole target; null where it would not be readable.</summary>
    public static string? Of(Language language)
    {
        if (language.IsEmpty || language.StateCount > MaxStates)
        {
            return null;
        }

        // States are removed one after the other, those with the fewest ways through them first.
        var (start, end) = (language.StateCount, language.StateCount + 1);
        var ways = new Dictionary<(int From, int To), Piece> { [(start, 0)] = Piece.Empty };
        for (var state = 0; state < language.StateCount; state++)
        {
            if (language.IsAccepting(state))
            {
                ways[(state, end)] = Piece.Empty;
            }

            foreach (var (set, to) in language.ArcsOf(state))
            {
                ways[(state, to)] = new Piece(ClassOf(set), 2);
            }
        }

        for (var left = Enumerable.Range(0, language.StateCount).ToHashSet(); left.Count > 0;)
        {
            var state = left.MinBy(s =>
                ways.Keys.Count(w => w.To == s && w.From != s) * ways.Keys.Count(w => w.From == s && w.To != s));
            Remove(state, ways);
            left.Remove(state);
            if (ways.Values.Any(p => p.Text.Length > MaxLength))
            {
                return null;
            }
        }

        return ways.TryGetValue((start, end), out var whole) ? whole.Text : null;
    }

    private static void Remove(int state, Dictionary<(int From, int To), Piece> ways)
    {
        var loop = ways.TryGetValue((state, state), out var around) ? around.Star() : Piece.Empty;
        var into = ways.Where(w => w.Key.To == state && w.Key.From != state).ToList();
        var outOf = ways.Where(w => w.Key.From == state && w.Key.To != state).ToList();
        foreach (var (from, before) in into)
        {
            foreach (var (to, after) in outOf)
            {
                var through = before.Then(loop).Then(after);
                var key = (from.From, to.To);
                ways[key] = ways.TryGetValue(key, out var other) ? other.Or(through) : through;
            }
        }

        foreach (var key in ways.Keys.Where(w => w.From == state || w.To == state).ToList())
        {
            ways.Remove(key);
        }
    }

    private static string ClassOf(ByteSet set)
    {
        var missing = TargetBytes - set;
        return missing.IsEmpty ? "."
            : set.Count == 1 ? Literal(First(set))
            : missing.Count < set.Count ? $"[^{Ranges(missing)}]"
            : $"[{Ranges(set)}]";
    }

    private static byte First(ByteSet set)
    {
        foreach (var value in set)
        {
            return value;
        }

        return 0;
    }

    private static string Ranges(ByteSet set)
    {
        var text = new System.Text.StringBuilder();
        for (var value = 0; value <= 0xff; value++)
        {
            if (!set.Contains((byte)value))
            {
                continue;
            }

            var first = value;
            while (value < 0xff && set.Contains((byte)(value + 1)))
            {
                value++;
            }

            text.Append(InClass((byte)first));
            if (value > first)
            {
                text.Append(value > first + 1 ? "-" : "").Append(InClass((byte)value));
            }
        }

        return text.ToString();
    }

    private static string Literal(byte value) =>
        value is > 0x20 and < 0x7f
            ? ("\\^$.|?*+()[]{}".Contains((char)value) ? $"\\{(char)value}" : ((char)value).ToString())
            : $"\\x{value:x2}";

    private static string InClass(byte value) =>
        value is > 0x20 and < 0x7f ? ("\\^-]".Contains((char)value) ? $"\\{(char)value}" : ((char)value).ToString())
            : $"\\x{value:x2}";

    /// <summary>A piece of a pattern; 0 a choice, 1 a sequence, 2 what a <c>*</c> may follow.</summary>
    private readonly record struct Piece(string Text, int Binds)
    {
        public static Piece Empty { get; } = new("", 2);

        public Piece Then(Piece next) =>
            Text.Length == 0 ? next
            : next.Text.Length == 0 ? this
            : next.Text == $"{Atom}*" ? new Piece($"{Atom}+", 1)
            : Repeats(next) ? new Piece($"{Text}+", 1)
            : new Piece(Within(1) + next.Within(1), 1);

        public Piece Or(Piece other) =>
            Text == other.Text ? this
            : Text.Length == 0 ? other.Optional()
            : other.Text.Length == 0 ? Optional()
            : new Piece($"{Text}|{other.Text}", 0);

        public Piece Star() => Text.Length == 0 ? this : new Piece($"{Atom}*", 1);

        // A sequence whose last byte or class is what follows in any number: `ab` and `b*` are `ab+`.
        private bool Repeats(Piece next)
        {
            var last = next.Text.EndsWith('*') ? next.Text[..^1] : "";
            return Binds == 1
                && (last.Length == 1
                || (last.StartsWith('[') && last.IndexOf(']') == last.Length - 1 && !last.Contains('\\')))
                && Text.Length > last.Length && Text.EndsWith(last, StringComparison.Ordinal)
                    && Text[^(last.Length + 1)] != '\\';
        }

        private string Atom => Within(2);

        private Piece Optional() =>
            Text.EndsWith('+') && Binds == 1 && !Text[..^1].Contains('+') && Text.Length <= 2
            ? new Piece($"{Text[..^1]}*", 1) : new Piece($"{Atom}?", 1);

        private string Within(int binding) => Binds >= binding ? Text : $"({Text})";
    }
}
