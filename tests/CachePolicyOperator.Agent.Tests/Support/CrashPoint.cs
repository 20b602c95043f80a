using CachePolicyOperator.Agent.Acts;

namespace CachePolicyOperator.Agent.Tests.Support;

/// <summary>
/// Kills the agent's hands before one of its acts, which is after the one before: from then on nothing it does has an
/// effect.
/// </summary>
internal sealed class CrashPoint(int place, bool isArmed = true) : IFailPoints
{
    private readonly Lock _lock = new();
    private bool _isArmed = isArmed;
    private int _passed;

    public bool Crashed { get; private set; }

    /// <summary>The act that was not done.</summary>
    public string? Next { get; private set; }

    public List<string> Acts { get; } = [];

    /// <summary>Begins to count.</summary>
    public void Arm()
    {
        lock (_lock)
        {
            _isArmed = true;
        }
    }

    public void Before(string act)
    {
        lock (_lock)
        {
            if (!_isArmed)
            {
                return;
            }

            if (Crashed || _passed == place)
            {
                Crashed = true;
                Next ??= act;
                throw new InvalidOperationException($"killed before {act}");
            }

            _passed++;
            Acts.Add(act);
        }
    }

    public void After(string act)
    {
        if (Crashed)
        {
            throw new InvalidOperationException($"killed after {act}");
        }
    }
}
