using CachePolicyOperator.Core.Routes.Automata;

namespace CachePolicyOperator.Core.Routes.Regex;

/// <summary>Numbers sets of promised look-aheads, and follows them byte by byte.</summary>
internal sealed class PromiseTable
{
    /// <summary>Nothing was promised, or everything was kept.</summary>
    public const int NoPromise = 0;

    /// <summary>A promise cannot be kept any more.</summary>
    public const int Broken = -1;

    /// <summary>The order in which the languages of a look-ahead stand.</summary>
    public static readonly Before[] Kinds = [Before.Start, Before.Newline, Before.Word, Before.Other];

    private readonly List<Language[]> _aheads;
    private readonly ByteClasses _classes;
    private readonly Budget _budget;
    private readonly Dictionary<Language, int> _languageNumbers = [];
    private readonly List<Language> _languages = [];
    private readonly Dictionary<long[], int> _numbers = new(ArrayComparer<long>.Instance);
    private readonly List<long[]> _sets = [];
    private readonly Dictionary<(int, int), int> _steps = [];

    public PromiseTable(List<Language[]> aheads, ByteClasses classes, Budget budget)
    {
        (_aheads, _classes, _budget) = (aheads, classes, budget);
        Intern([]);
    }

    /// <summary>The set with one more look-ahead, met after a byte of the given kind.</summary>
    public int Add(int set, int ahead, Before before)
    {
        var language = _aheads[ahead][Array.IndexOf(Kinds, before)];
        if (!_languageNumbers.TryGetValue(language, out var number))
        {
            _languageNumbers.Add(language, number = _languages.Count);
            _languages.Add(language);
        }

        return Normalize([.. _sets[set], Promise(number, 0)]);
    }

    public int Step(int set, int byteClass)
    {
        if (set == NoPromise)
        {
            return NoPromise;
        }

        if (!_steps.TryGetValue((set, byteClass), out var to))
        {
            var value = _classes.Representative(byteClass);
            to = Normalize(
                [.. _sets[set].Select(p => Promise((int)(p >> 32), _languages[(int)(p >> 32)].Step((int)p, value)))]);
            _budget.Store(6);
            _steps.Add((set, byteClass), to);
        }

        return to;
    }

    public bool AreKeptAtEnd(int set) => _sets[set].All(p => _languages[(int)(p >> 32)].IsAccepting((int)p));

    private int Normalize(long[] promises)
    {
        if (promises.Any(p => _languages[(int)(p >> 32)].IsDead((int)p)))
        {
            return Broken;
        }

        return Intern([.. promises.Where(p => !_languages[(int)(p >> 32)].IsUniversal((int)p)).Distinct().Order()]);
    }

    private int Intern(long[] set)
    {
        if (!_numbers.TryGetValue(set, out var number))
        {
            _budget.Store(set.Length + 8);
            _numbers.Add(set, number = _sets.Count);
            _sets.Add(set);
        }

        return number;
    }

    private static long Promise(int language, int state) => ((long)language << 32) | (uint)state;
}
