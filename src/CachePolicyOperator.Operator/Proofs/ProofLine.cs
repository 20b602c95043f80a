namespace CachePolicyOperator.Operator.Proofs;

/// <summary>The proofs of one user that wait, in their order, and how many run.</summary>
internal sealed class ProofLine(string user)
{
    private readonly LinkedList<ProofTicket> _waiting = new();

    public string User { get; } = user;

    public int Running { get; private set; }

    public int Waiting => _waiting.Count;

    public bool IsIdle => Running == 0 && Waiting == 0;

    public void Add(ProofTicket ticket) => _waiting.AddLast(ticket);

    public bool Remove(ProofTicket ticket) => _waiting.Remove(ticket);

    /// <summary>The next one, which counts as running from now on.</summary>
    public ProofTicket Begin()
    {
        var ticket = _waiting.First!.Value;
        _waiting.RemoveFirst();
        Running++;
        return ticket;
    }

    public void End() => Running--;
}
