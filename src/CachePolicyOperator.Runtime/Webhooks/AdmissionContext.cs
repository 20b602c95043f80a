using System.Collections.Immutable;
using System.Text.Json;

namespace CachePolicyOperator.Runtime.Webhooks;

/// <summary>Who sends the request, as the API server authenticated them.</summary>
public sealed record AdmissionUser(string Name, string Uid, ImmutableArray<string> Groups)
{
    /// <summary>What else the authentication says of them, which some authorizers ask for.</summary>
    public IReadOnlyDictionary<string, IList<string>> Extra { get; init; } = new Dictionary<string, IList<string>>();
}

/// <summary>What a webhook may know of a request besides the object.</summary>
/// <param name="Uid">Identifies the request.</param>
/// <param name="Operation"><c>CREATE</c>, <c>UPDATE</c> or <c>DELETE</c>.</param>
/// <param name="Namespace">Empty for cluster-scoped objects.</param>
/// <param name="Name">Empty on a create with <c>generateName</c>.</param>
/// <param name="SubResource">Empty, or for instance <c>status</c>.</param>
/// <param name="User">Who asks.</param>
/// <param name="DryRun">True when nothing will be stored: the handler must have no side effect.</param>
/// <param name="NewObject">The object as sent; undefined on a delete.</param>
/// <param name="OldObject">The object as stored; undefined on a create.</param>
public sealed record AdmissionContext(
    string Uid,
    string Operation,
    string Namespace,
    string Name,
    string SubResource,
    AdmissionUser User,
    bool DryRun,
    JsonElement NewObject,
    JsonElement OldObject);
