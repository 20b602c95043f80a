using System.Globalization;
using CachePolicyOperator.Core;
using CachePolicyOperator.Core.AgentProtocol;

namespace CachePolicyOperator.Agent.Guard;

/// <summary>
/// Who stored and who was served each leaked object, as far as the log told. Bounded; what is left out is counted.
/// </summary>
internal sealed class ExposureBook
{
    public const int MaxObjects = 1_024;
    public const int MaxSightings = 5_000;

    private readonly Lock _lock = new();
    private readonly Dictionary<ObjectKey, Account> _accounts = [];
    private readonly Queue<ObjectKey> _order = new();

    private sealed class Account(string trigger, string? vcl)
    {
        public string Trigger { get; set; } = trigger;

        public string? Vcl { get; } = vcl;

        public Digest? ActiveDigest { get; init; }

        public Sighting? StoredBy { get; set; }

        public List<Sighting> ServedTo { get; init; } = [];

        public HashSet<long> Seen { get; init; } = [];

        public int Omitted { get; set; }

        public bool Changed { get; set; }
    }

    public int Sightings
    {
        get
        {
            lock (_lock)
            {
                return _accounts.Values.Sum(a => a.ServedTo.Count);
            }
        }
    }

    public bool Knows(ObjectKey key)
    {
        lock (_lock)
        {
            return _accounts.ContainsKey(key);
        }
    }

    /// <summary>Takes over what was told before a restart of the agent.</summary>
    public void Restore(LeakDetected leak)
    {
        lock (_lock)
        {
            var exposure = leak.Exposure;
            if (ulong.TryParse(exposure.ObjectId, CultureInfo.InvariantCulture, out var fetch))
            {
                Add(new ObjectKey(fetch, exposure.VarnishStart), new Account(leak.Trigger, null)
                {
                    ActiveDigest = leak.ActiveDigest,
                    StoredBy = exposure.StoredBy,
                    ServedTo = [.. exposure.ServedTo.Items],
                    Seen = [.. exposure.ServedTo.Items.Select(s => s.Transaction)],
                    Omitted = exposure.Omitted,
                });
            }
        }
    }

    /// <summary>
    /// Writes down that <paramref name="trigger"/> happened to an object; false where that was known.
    /// </summary>
    public bool Record(
        ObjectKey key, string trigger, string? vcl, Sighting? storedBy, Sighting? servedTo, out bool isNew)
    {
        lock (_lock)
        {
            isNew = !_accounts.TryGetValue(key, out var account);
            if (account is null)
            {
                account = new Account(trigger, vcl) { Changed = true };
                Add(key, account);
            }

            var changed = isNew;
            if (Rank(trigger) > Rank(account.Trigger))
            {
                account.Trigger = trigger;
                changed = true;
            }

            if (account.StoredBy is null && storedBy is not null)
            {
                account.StoredBy = storedBy;
                changed = true;
            }

            changed |= servedTo is not null && Serve(account, servedTo);
            account.Changed |= changed;
            return changed;
        }
    }

    /// <summary>Every account that changed since the last call.</summary>
    public IReadOnlyList<(string Trigger, string? Vcl, Digest? ActiveDigest, Exposure Exposure)> TakeChanged()
    {
        lock (_lock)
        {
            var changed = _accounts.Where(a => a.Value.Changed).ToList();
            changed.ForEach(a => a.Value.Changed = false);
            return [.. changed.Select(a => (a.Value.Trigger, a.Value.Vcl, a.Value.ActiveDigest, new Exposure(
                a.Key.Fetch.ToString(CultureInfo.InvariantCulture),
                a.Key.VarnishStart,
                a.Value.StoredBy,
                a.Value.ServedTo.ToEquatableList(),
                a.Value.Omitted)))];
        }
    }

    private static bool Serve(Account account, Sighting sighting)
    {
        // The log may be read twice after a restart or an overrun.
        if (account.Seen.Count < 4 * MaxSightings && !account.Seen.Add(sighting.Transaction))
        {
            return false;
        }

        if (account.ServedTo.Count < MaxSightings)
        {
            account.ServedTo.Add(sighting);
        }
        else
        {
            account.Omitted++;
        }

        return true;
    }

    private static int Rank(string trigger) => trigger switch
    {
        LeakTrigger.Served => 2,
        LeakTrigger.Guarded => 1,
        _ => 0,
    };

    private void Add(ObjectKey key, Account account)
    {
        _accounts[key] = account;
        _order.Enqueue(key);
        if (_order.Count > MaxObjects)
        {
            _accounts.Remove(_order.Dequeue());
        }
    }
}
