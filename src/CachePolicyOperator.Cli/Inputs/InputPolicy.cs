using CachePolicyOperator.Core;
using CachePolicyOperator.Core.Model;
using CachePolicyOperator.Core.Vcl;
using CachePolicyOperator.Core.Vcl.Render;
using CachePolicyOperator.Entities.Documents;

namespace CachePolicyOperator.Cli.Inputs;

/// <summary>A policy that was read, with what binds it and the documents that they come from.</summary>
internal sealed record InputPolicy(Document Document, PolicySet Set, IReadOnlyList<Document> Personal)
{
    /// <summary>
    /// What its VCL is rendered for: the Services of the origins by their names in the cluster, unless told.
    /// </summary>
    public RenderTarget Target(IReadOnlyList<OriginAddress> told, EngineVersion engine)
    {
        var origin = AddressOf(null, Set.Policy.Origin);
        return new RenderTarget(origin.Host, origin.Port, engine.ToString())
        {
            Connection = Set.Policy.Origin.Connection,
            Origins = Set.Policy.Origins.Items.Select(o => AddressOf(o.Name, o.Origin))
                .Select(o => new NamedAddress(o.Origin!, o.Host, o.Port)).ToEquatableList(),
        };

        OriginAddress AddressOf(string? name, Origin origin) => told.LastOrDefault(o => o.Origin == name)
            ?? new OriginAddress(name, $"{origin.Service}.{Set.Policy.Name.Namespace}.svc", origin.Port);
    }
}
