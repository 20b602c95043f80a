namespace CachePolicyOperator.Agent.Acts;

/// <summary>
/// Fail points before and after every act on varnishd and on the state directory, so that a crash can be tried between
/// any two.
/// </summary>
internal interface IFailPoints
{
    void Before(string act);

    void After(string act);
}
