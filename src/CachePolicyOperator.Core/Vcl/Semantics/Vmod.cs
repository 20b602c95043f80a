using CachePolicyOperator.Core.Vcl.Variables;

namespace CachePolicyOperator.Core.Vcl.Semantics;

/// <summary>A function, object or method of a vmod that comes with Varnish.</summary>
/// <param name="Name">
/// In lower case, with the vmod: <c>std.tolower</c>, <c>directors.hash</c>, <c>directors.hash.backend</c>.
/// </param>
public sealed record VmodFunction(string Name, bool IsObject, VclType Returns, EquatableList<VmodParameter> Parameters);

/// <summary>A parameter; <paramref name="Words"/> lists what an ENUM may be.</summary>
public sealed record VmodParameter(VclType Type, string? Name, bool Optional, EquatableList<string> Words);
