using CachePolicyOperator.Cli.Cluster;
using CachePolicyOperator.Cli.Terminals;
using CachePolicyOperator.Core;
using CachePolicyOperator.Entities;

namespace CachePolicyOperator.Cli.Output;

/// <summary>Policies for a person: a tree each, or a line each.</summary>
internal static class StatusText
{
    public const string TableFormat = "table";

    public static void Write(IReadOnlyList<PolicyView> views, PolicyCluster cluster, string? format, Terminal terminal)
    {
        var paint = new Paint(terminal.Colour);
        if (views.Count == 0)
        {
            terminal.Out.WriteLine($"There is no CachePolicy in {cluster.Where}.");
        }
        else if (format == TableFormat)
        {
            WriteTable([.. views.Select(v => v.Policy)], cluster, terminal.Out, paint);
        }
        else
        {
            foreach (var view in views)
            {
                new StatusTree(view, paint).Root.Write(terminal.Out, paint);
            }
        }
    }

    private static void WriteTable(CachePolicy[] policies, PolicyCluster cluster, TextWriter output, Paint paint)
    {
        Table.Write(output, paint,
            [.. Namespace("NAMESPACE"), "NAME", "LEVEL", "WANTED", "PROVEN", "PROGRAMMED", "FALLBACK READY", "INCIDENT",
                "REVISION"],
            policies.Select(p => (string?[])
            [
                .. Namespace(p.Metadata.NamespaceProperty), p.Metadata.Name, p.Status?.Level, p.Status?.LevelWanted,
                Condition(p, PolicyConditions.Proven), Condition(p, PolicyConditions.Programmed),
                Condition(p, PolicyConditions.FallbackReady), p.Status?.Incident, Short(p.Status?.Revision?.Active),
            ]));

        string[] Namespace(string text) => cluster.Everywhere ? [text] : [];
    }

    private static string? Condition(CachePolicy policy, string type) =>
        policy.Status?.Conditions?.FirstOrDefault(c => c.Type == type)?.Status;

    /// <summary>Enough of a digest to tell revisions apart; what is none as it is.</summary>
    private static string? Short(string? text) => Digest.Read(text)?.Abbreviated ?? text;
}
