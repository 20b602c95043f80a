namespace CachePolicyOperator.Core.Vcl.Variables;

/// <summary>The names of types as Varnish writes them.</summary>
public static class VclTypeNames
{
    public static VclType Parse(string name) => name switch
    {
        "STRING" or "STRANDS" => VclType.Text,
        "INT" => VclType.WholeNumber,
        "REAL" => VclType.RealNumber,
        "ENUM" => VclType.Enumeration,
        _ => Enum.TryParse<VclType>(name, ignoreCase: true, out var type) ? type : VclType.Unknown,
    };

    public static string NameOf(VclType type) => type switch
    {
        VclType.Text or VclType.Header => "STRING",
        VclType.WholeNumber => "INT",
        VclType.RealNumber => "REAL",
        VclType.Enumeration => "ENUM",
        _ => type.ToString().ToUpperInvariant(),
    };
}
