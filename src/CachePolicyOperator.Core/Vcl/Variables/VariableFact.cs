namespace CachePolicyOperator.Core.Vcl.Variables;

/// <summary>What varnishd knows of one variable.</summary>
/// <param name="Name">In lower case; a header's name is <c>*</c>, as in <c>req.http.*</c>.</param>
/// <param name="Only40">Whether it exists in <c>vcl 4.0</c> only.</param>
/// <param name="Only41">Whether it exists from <c>vcl 4.1</c> on only.</param>
/// <param name="Read">Where it may be read; <paramref name="Write"/> and <paramref name="Unset"/> likewise.</param>
public sealed record VariableFact(
    string Name, VclType Type, bool Only40, bool Only41, VclMethods Read, VclMethods Write, VclMethods Unset);
