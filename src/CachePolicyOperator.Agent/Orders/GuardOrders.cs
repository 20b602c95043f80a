using CachePolicyOperator.Agent.Guard;
using CachePolicyOperator.Agent.State;
using CachePolicyOperator.Agent.Switching;
using CachePolicyOperator.Core.AgentProtocol;

namespace CachePolicyOperator.Agent.Orders;

/// <summary>Puts what is watched for in force, and keeps it for the next start.</summary>
internal sealed class GuardOrders(
    StateDirectory state,
    IOperatorCheck check,
    Tripwire tripwire,
    Func<GuardRecord, GuardInForce> makeGuard,
    TimeProvider time,
    ILogger<GuardOrders> logger)
{
    // One guard after the other, so that the one in force is the one written down. No bypass waits for it.
    private readonly Lock _putting = new();

    /// <summary>Replaces what is watched. What was served before is not judged by it.</summary>
    public void Put(GuardConfiguration configuration)
    {
        if (tripwire.Guard?.Digest == configuration.ComputeDigest())
        {
            return;
        }

        if (!check.Holds(configuration))
        {
            throw new RefusedException(422, "guard/unsigned",
                "what is to be watched for is not signed for this agent by an operator that it trusts");
        }

        // Building the automata may take a second.
        var guard = Make(new GuardRecord(configuration, time.GetUtcNow()));
        lock (_putting)
        {
            state.Write(guard.Record);
            tripwire.Guard = guard;
        }
    }

    /// <summary>
    /// Takes up what was watched before a restart. Without it everything is passed until the operator puts it again.
    /// </summary>
    public void Restore()
    {
        try
        {
            if (state.ReadGuard() is not { } record)
            {
                return;
            }

            if (check.Holds(record.Configuration))
            {
                tripwire.Guard = makeGuard(record);
            }
            else
            {
                logger.GuardUnusable("it is not signed for this agent by an operator that it trusts");
            }
        }
        catch (Exception e) when (e is FormatException or ArgumentException)
        {
            logger.GuardUnusable(e.Message);
        }
    }

    private GuardInForce Make(GuardRecord record)
    {
        try
        {
            return makeGuard(record);
        }
        catch (Exception e) when (e is FormatException or ArgumentException)
        {
            throw new RefusedException(422, "guard/invalid", e.Message);
        }
    }
}
