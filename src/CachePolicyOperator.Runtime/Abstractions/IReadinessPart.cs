namespace CachePolicyOperator.Runtime.Abstractions;

/// <summary>Something without which this process cannot do its work; <c>/readyz</c> asks all of them.</summary>
public interface IReadinessPart
{
    /// <summary>What is missing, a sentence each; empty where nothing is.</summary>
    IEnumerable<string> Missing();
}
