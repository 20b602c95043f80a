using System.Security.Cryptography;
using System.Text;
using CachePolicyOperator.Agent.SharedLog;

namespace CachePolicyOperator.Agent.Guard;

/// <summary>
/// What the probes of a trial are known by: a <c>User-Agent</c> that names them to the origin, and that nobody else can
/// know before the origin does. Asked on the thread that reads the log.
/// </summary>
internal sealed class ProbeMark
{
    private volatile byte[]? _line;

    /// <summary>Whether probes are under way.</summary>
    public bool IsActive { get; private set; }

    /// <summary>The value of <c>User-Agent</c> from now on.</summary>
    public string Begin()
    {
        var agent = $"cachepolicy-probe/1 ({Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16))})";
        _line = Encoding.ASCII.GetBytes($"User-Agent: {agent}");
        IsActive = true;
        return agent;
    }

    /// <summary>No more probes are sent; those under way are still known.</summary>
    public void End() => IsActive = false;

    public bool IsOn(ClientTransaction request)
    {
        if (_line is not { } line)
        {
            return false;
        }

        for (var i = 0; i < request.HeaderCount; i++)
        {
            if (request.Header(i).SequenceEqual(line))
            {
                return true;
            }
        }

        return false;
    }
}
