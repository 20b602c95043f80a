namespace CachePolicyOperator.Core.Vcl.Syntax;

/// <summary>Reads VCL as varnishd does. Never throws on any input: what is wrong is in the diagnostics, all of it.</summary>
public static class VclParser
{
    public static VclParse Parse(SourceFile source, IVclFiles files) => throw new NotSupportedException();
}
