namespace CachePolicyOperator.Agent.SharedLog;

/// <summary>A map by transaction number that forgets its oldest entries past a size.</summary>
internal sealed class Bounded<T>(int limit)
    where T : class
{
    private readonly Dictionary<ulong, T> _byNumber = [];
    private readonly Queue<ulong> _order = new();

    public int Count => _byNumber.Count;

    public T? Find(ulong number) => _byNumber.GetValueOrDefault(number);

    public void Add(ulong number, T value)
    {
        if (!_byNumber.TryAdd(number, value))
        {
            _byNumber[number] = value;
            return;
        }

        _order.Enqueue(number);
        while (_byNumber.Count > limit)
        {
            _byNumber.Remove(_order.Dequeue());
        }

        if (_order.Count > 2 * limit)
        {
            Sweep();
        }
    }

    public T? Remove(ulong number) => _byNumber.Remove(number, out var value) ? value : null;

    public void Clear()
    {
        _byNumber.Clear();
        _order.Clear();
    }

    // The order also holds numbers that were removed since.
    private void Sweep()
    {
        for (var i = _order.Count; i > 0; i--)
        {
            var number = _order.Dequeue();
            if (_byNumber.ContainsKey(number))
            {
                _order.Enqueue(number);
            }
        }
    }
}
