namespace CachePolicyOperator.Agent.Acts;

/// <summary>The fail points of production: nothing happens between two acts.</summary>
internal sealed class NoFailPoints : IFailPoints
{
    public static NoFailPoints Instance { get; } = new();

    public void Before(string act)
    {
    }

    public void After(string act)
    {
    }
}
