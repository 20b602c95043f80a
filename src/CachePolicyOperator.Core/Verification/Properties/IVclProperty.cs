using CachePolicyOperator.Core.Verification.Exploration;

namespace CachePolicyOperator.Core.Verification.Properties;

/// <summary>One property of DESIGN §4 on the text of a VCL.</summary>
internal interface IVclProperty
{
    string Code { get; }

    IEnumerable<Finding> Check(ExploredStates explored);
}
