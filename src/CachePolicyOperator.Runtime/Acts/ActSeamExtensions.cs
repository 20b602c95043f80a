namespace CachePolicyOperator.Runtime.Acts;

/// <summary>The seam for acts that return nothing.</summary>
public static class ActSeamExtensions
{
    public static Task PerformAsync(
        this IActSeam seam, Act act, Func<CancellationToken, Task> perform, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(seam);
        return seam.PerformAsync(
            act,
            async token =>
            {
                await perform(token);
                return true;
            },
            cancellationToken);
    }
}
