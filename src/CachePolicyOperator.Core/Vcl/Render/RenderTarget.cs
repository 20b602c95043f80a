using System.Text.Json.Serialization;
using CachePolicyOperator.Core.Model;

namespace CachePolicyOperator.Core.Vcl.Render;

/// <summary>
/// What the rendered VCL is for: the address of the origin and the version of Varnish that will run it.
/// </summary>
/// <param name="OriginHost">IP address or DNS name, resolved by varnishd when it loads the VCL.</param>
/// <param name="EngineVersion">Major and minor version, for example <c>7.1</c>.</param>
public sealed record RenderTarget(string OriginHost, int OriginPort, string EngineVersion)
{
    public const string DefaultEngineVersion = "7.1";

    /// <summary>How the origin is asked where nothing is cached.</summary>
    public OriginConnection Connection { get; init; } = OriginConnection.Default;

    /// <summary>The addresses of the origins that rules name.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public EquatableList<NamedAddress> Origins { get; init; } = [];
}

/// <summary>The address of an origin that rules name.</summary>
/// <param name="Host">IP address or DNS name, resolved by varnishd when it loads the VCL.</param>
public sealed record NamedAddress(string Origin, string Host, int Port);
