using System.Globalization;

namespace CachePolicyOperator.Entities.Documents;

/// <summary>
/// One Kubernetes object as it was written, and where: a file, standard input, or nowhere (the API server).
/// </summary>
public sealed record Document(string? File, DocumentNode Root)
{
    public string? ApiVersion => TextAt("apiVersion");

    public string? Kind => TextAt("kind");

    public string? Name => TextAt("metadata", "name");

    public string? Namespace => TextAt("metadata", "namespace");

    /// <summary>
    /// The line of the deepest value on <paramref name="path"/> (<c>spec.rules[3].cache</c>) that was written; 0 where
    /// unknown.
    /// </summary>
    public int LineOf(string path)
    {
        var node = Root;
        var line = Root.Line;
        foreach (var step in path.Split('.', '['))
        {
            if (step.EndsWith(']'))
            {
                if (!int.TryParse(step.AsSpan(0, step.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture,
                    out var index)
                    || index >= node.Items.Count)
                {
                    break;
                }

                node = node.Items[index];
                line = node.Line;
            }
            else
            {
                var field = node.Fields.FirstOrDefault(f => f.Name == step);
                if (field is null)
                {
                    break;
                }

                node = field.Value;
                line = field.Line;
            }
        }

        return line;
    }

    private string? TextAt(params ReadOnlySpan<string> path)
    {
        DocumentNode? node = Root;
        foreach (var name in path)
        {
            node = node?.Find(name);
        }

        return node is { Kind: NodeKind.Text } ? node.Text : null;
    }
}
