namespace CachePolicyOperator.EndToEnd.Tests.Rights;

/// <summary>What one verb of one rule of a role gives.</summary>
/// <param name="Resource">With its API group and subresource.</param>
/// <param name="Name">Null where it holds for objects of any name.</param>
/// <param name="Space">Null where it holds in all namespaces.</param>
internal sealed record Right(string Verb, string Resource, string? Name, string? Space)
{
    public bool Allows(string verb, ApiCall call) =>
        (Verb, Resource) == (verb, call.Resource)
        && (Name is null || Name == call.Name)
        && (Space is null || Space == call.Space);

    public override string ToString() =>
        $"{Verb} {Resource}{(Name is null ? "" : $" {Name}")}{(Space is null ? "" : " (own namespace)")}";
}
