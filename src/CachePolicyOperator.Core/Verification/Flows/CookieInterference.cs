using System.Text;
using System.Text.RegularExpressions;
using CachePolicyOperator.Core.Routes.Automata;
using CachePolicyOperator.Core.Verification.Execution;
using CachePolicyOperator.Core.Verification.Exploration;
using CachePolicyOperator.Core.Verification.State;
using CachePolicyOperator.Core.Verification.Values;

namespace CachePolicyOperator.Core.Verification.Flows;

/// <summary>
/// A test of noninterference: whether the value of an identity cookie shows in what a VCL makes of the field Cookie,
/// under another name or none. What is made must be the same whatever the value is, and as if there were none.
/// </summary>
internal sealed class CookieInterference(ExploredStates explored)
{
    private const string Values = "[^;, \t]*";

    // Pieces of values as sites make them. They are looked for in whatever surroundings a way allows.
    private static readonly string[] Pieces = ["Zq7", "7777", "ffff", "ZZZZ", "zzzz"];

    // Of a value that is taken to pieces, single bytes are left.
    private static readonly string[] Bytes = ["7", "f", "Q"];

    // What else a browser sends.
    private static readonly (string Before, string After, string Without)[] Surroundings =
        [("", "", ""), ("a=1; ", "", "a=1"), ("", "; a=1", "a=1"), ("a=1; ", "; b=2", "a=1; b=2")];

    private readonly Dictionary<(Text, InputFacts, Language), bool> _shown = [];
    private readonly string _names = CookieNames.PatternOf(explored.Question);

    private Solver Solver => explored.Solver;

    public bool ShowsIn(Text value, SymbolicState state)
    {
        foreach (var input in value.Taint.Where(s => s.Variable == Input.Cookie).Distinct())
        {
            // A value may be known better than its input tells.
            var way = (value, Solver.Of(state, input), Solver.Reading(state, value));
            if (!_shown.TryGetValue(way, out var shows))
            {
                shows = Within(state, input, CookieNames.AmongOthers(explored.Question)) is not null
                    && Simple(state, value, input) is var (path, made)
                    && (Depends(Pinned(path, made, input), made, input) || Pieces.Any(p => Copies(path, made, input, p))
                        || Bytes.Any(b => !Writes(path, made, input, b) && Copies(path, made, input, b)));
                _shown.Add(way, shows);
            }

            if (shows)
            {
                return true;
            }
        }

        return false;
    }

    // What is made of cookies with a name twice is made as well of some without: of whatever is sent, then. Null where
    // nothing is made.
    private (SymbolicState Path, Text Made)? Simple(SymbolicState state, Text value, Input input)
    {
        var simple = CookieJar.MaySimplify(value) ? Solver.Simple(state, value) : value;
        return simple == value ? (state, value)
            : Solver.Within(state with { PathCondition = state.PathCondition.Remove(input) }, simple,
                Language.All) is { } path ? (path, simple)
            : null;
    }

    private bool Depends(SymbolicState state, Text value, Input input)
    {
        var looked = false;
        foreach (var (before, after, without) in Surroundings.Concat(Found(state, input)))
        {
            if (Within(state, input, $@"\A{Escape(before)}(?:{_names})={Values}{Escape(after)}\z") is not { } path)
            {
                continue;
            }

            looked = true;
            if (Told(path, value) is not { } told)
            {
                return true;
            }

            // A way that none without the cookie goes may leave what was beside it, and say nothing of its own.
            if (Within(state, input, $@"\A{Escape(without)}\z") is { } anonymous
                ? told != Told(anonymous, value)
                : told.Length > 0 && told != Told(Encoding.Latin1.GetBytes(without)))
            {
                return true;
            }
        }

        return !looked && Within(state, input, CookieNames.AmongOthers(explored.Question)) is not null;
    }

    // Surroundings that the way asks for.
    private IEnumerable<(string Before, string After, string Without)> Found(SymbolicState state, Input input)
    {
        if (Within(state, input, $"(?:^|[;, \t])(?:{_names})=") is not { } path)
        {
            yield break;
        }

        foreach (var sample in Solver.Of(path, input).Samples(3, Language.All, Solver.Budget)
            .Select(Encoding.Latin1.GetString))
        {
            if (Regex.Match(sample, $@"\A(?<before>(?:.*[;, \t])?)(?:{_names})={Values}(?<after>.*)\z",
                System.Text.RegularExpressions.RegexOptions.Singleline) is { Success: true } cookie)
            {
                var (before, after) = (cookie.Groups["before"].Value, cookie.Groups["after"].Value);
                yield return (before, after, before + after.TrimStart(';', ',', ' ', '\t'));
            }
        }
    }

    private bool Copies(SymbolicState state, Text value, Input input, string piece)
    {
        // Nowhere else, whatever its case is.
        var first = $"{char.ToLowerInvariant(piece[0])}{char.ToUpperInvariant(piece[0])}";
        var rest = $"[^{first}]*";
        var inside = $@"[^;, \t{first}]*";
        return Within(state, input,
            $@"\A(?:{rest}[;, \t])?(?:{_names})[ \t]*={inside}{piece}{inside}(?:[;, \t]{rest})?\z") is { } path
            && Solver.Reading(path, value).Intersects(explored.LanguageOf($"(?i){piece}"), Solver.Budget);
    }

    // Whether the byte is made where no cookie has it.
    private bool Writes(SymbolicState state, Text value, Input input, string letter) =>
        Within(state, input, $@"\A[^{letter.ToLowerInvariant()}{letter.ToUpperInvariant()}]*\z") is { } path
            && Solver.Reading(path, value).Intersects(explored.LanguageOf($"(?i){letter}"), Solver.Budget);

    // The value's other inputs hold something, whatever it is.
    private SymbolicState Pinned(SymbolicState state, Text value, Input input)
    {
        foreach (var other in value.Taint.Where(s => s != input).Distinct())
        {
            var facts = Solver.Of(state, other);
            var pinned = facts.MayBeAbsent ? facts.Absent()
                : facts.Samples(1, Language.All, Solver.Budget) is [var word, ..]
                ? new InputFacts(false, Language.Literal(word), false) : facts;
            state = state with { PathCondition = state.PathCondition.SetItem(other, pinned) };
        }

        return state;
    }

    private string? Told(SymbolicState path, Text value) =>
        Solver.Reading(path, value).OnlyWord(Solver.Budget) is { } made ? Told(made) : null;

    // Separators that removing a cookie leaves behind tell nothing.
    private static string Told(byte[] word) =>
        string.Concat(Encoding.Latin1.GetString(word).Where(c => c is not (';' or ',' or ' ' or '\t')));

    private SymbolicState? Within(SymbolicState state, Input input, string pattern) =>
        Solver.Within(state, new InputText(input), explored.LanguageOf(pattern));

    private static string Escape(string literal) =>
        string.Concat(literal.Select(c => char.IsAsciiLetterOrDigit(c) ? c.ToString() : $"\\x{(int)c:x2}"));
}
