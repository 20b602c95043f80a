namespace CachePolicyOperator.Core.Routes.Automata;

/// <summary>Numbers pairs of states as they are first met, and hands each out once to be worked on.</summary>
internal sealed class PairNumbers(Func<int> addState)
{
    private readonly Dictionary<long, int> _numbers = [];
    private readonly Queue<(int First, int Second, int Number)> _pending = new();

    public int this[int first, int second]
    {
        get
        {
            var pair = ((long)first << 32) | (uint)second;
            if (!_numbers.TryGetValue(pair, out var number))
            {
                _numbers.Add(pair, number = addState());
                _pending.Enqueue((first, second, number));
            }

            return number;
        }
    }

    public bool TryNext(out int first, out int second, out int number)
    {
        var found = _pending.TryDequeue(out var pair);
        (first, second, number) = pair;
        return found;
    }
}
