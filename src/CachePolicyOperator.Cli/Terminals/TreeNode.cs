namespace CachePolicyOperator.Cli.Terminals;

/// <summary>A line with lines below it, drawn as a tree.</summary>
internal sealed record TreeNode(string Text, params IEnumerable<TreeNode> Children)
{
    public void Write(TextWriter output, Paint paint)
    {
        output.WriteLine(Text);
        WriteChildren(output, paint, "");
    }

    private void WriteChildren(TextWriter output, Paint paint, string indent)
    {
        TreeNode[] children = [.. Children];
        foreach (var (i, child) in children.Index())
        {
            var isLast = i == children.Length - 1;
            output.WriteLine($"{paint.Faint($"{indent}{(isLast ? "└─" : "├─")}")} {child.Text}");
            child.WriteChildren(output, paint, $"{indent}{(isLast ? "   " : "│  ")}");
        }
    }
}
