using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace CachePolicyOperator.Core.Vcl;

/// <summary>
/// The major and minor version of a Varnish, from 9.0 on of Vinyl Cache: 7.1. Patch releases do not change what VCL
/// means.
/// </summary>
public readonly record struct EngineVersion(int Major, int Minor) : IComparable<EngineVersion>
{
    public static EngineVersion Default { get; } = new(7, 1);

    /// <summary>The first that lets no VCL write or remove the fields that say how long a body is.</summary>
    public static EngineVersion ProtectingLength { get; } = new(7, 4);

    /// <summary>
    /// The first whose <c>unset bereq.body</c> removes <c>Content-Length</c> as well, whatever it says.
    /// </summary>
    public static EngineVersion RemovingLength { get; } = new(7, 7);

    /// <summary>The first that is called Vinyl Cache, and says so in its own fields.</summary>
    public static EngineVersion Vinyl { get; } = new(9, 0);

    /// <summary>The newest that proofs were tried against, and that is asked about where none is installed.</summary>
    public static EngineVersion Newest => Vinyl;

    /// <summary>As its project calls it: <c>Varnish 7.1</c>, <c>Vinyl Cache 9.0</c>.</summary>
    public string Name => this < Vinyl ? $"Varnish {this}" : $"Vinyl Cache {this}";

    public static bool operator <(EngineVersion left, EngineVersion right) => left.CompareTo(right) < 0;

    public static bool operator >(EngineVersion left, EngineVersion right) => left.CompareTo(right) > 0;

    public static bool operator <=(EngineVersion left, EngineVersion right) => left.CompareTo(right) <= 0;

    public static bool operator >=(EngineVersion left, EngineVersion right) => left.CompareTo(right) >= 0;

    /// <summary>Reads <c>7</c>, <c>7.1</c> or <c>7.1.1</c>.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out EngineVersion version)
    {
        version = default;
        var parts = text?.Split('.') ?? [];
        if (parts.Length is < 1 or > 3 || !parts.All(p => int.TryParse(p, NumberStyles.None, null, out _)))
        {
            return false;
        }

        version = new EngineVersion(int.Parse(parts[0]), parts.Length > 1 ? int.Parse(parts[1]) : 0);
        return true;
    }

    public int CompareTo(EngineVersion other) => (Major, Minor).CompareTo((other.Major, other.Minor));

    public override string ToString() => $"{Major}.{Minor}";
}
