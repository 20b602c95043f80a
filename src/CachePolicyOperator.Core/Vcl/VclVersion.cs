namespace CachePolicyOperator.Core.Vcl;

/// <summary>The version of the language that a VCL asks for: 4.0 or 4.1.</summary>
public enum VclVersion
{
    V40 = 40,
    V41 = 41,
}
