using CachePolicyOperator.Core.Model;
using CachePolicyOperator.Core.Vcl.Render;
using CachePolicyOperator.Entities.Documents;

namespace CachePolicyOperator.Cli.Inputs;

/// <summary>A policy that was read, with what binds it and the documents that they come from.</summary>
internal sealed record InputPolicy(Document Document, PolicySet Set, IReadOnlyList<Document> Personal)
{
    /// <summary>
    /// What its VCL is rendered for: the Service of the origin by its name in the cluster, unless told.
    /// </summary>
    public RenderTarget Target(string? origin, string? engine)
    {
        var service = Set.Policy.Origin;
        var (host, port) = ($"{service.Service}.{Set.Policy.Name.Namespace}.svc", service.Port);
        if (origin is not null)
        {
            var colon = origin.LastIndexOf(':');
            (host, port) = (origin[..colon].Trim('[', ']'), int.Parse(origin[(colon + 1)..]));
        }

        return new RenderTarget(host, port, engine ?? RenderTarget.DefaultEngineVersion) { Connection = service.Connection };
    }
}
