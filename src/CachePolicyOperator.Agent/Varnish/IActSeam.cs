namespace CachePolicyOperator.Agent.Varnish;

/// <summary>
/// Stands before and after every act on varnishd and on the state directory, so that a crash can be tried between any two.
/// </summary>
internal interface IActSeam
{
    void Before(string act);

    void After(string act);
}

/// <summary>The seam of production: nothing happens between two acts.</summary>
internal sealed class NoSeam : IActSeam
{
    public static NoSeam Instance { get; } = new();

    public void Before(string act)
    {
    }

    public void After(string act)
    {
    }
}
