using System.Text;

namespace CachePolicyOperator.Core.Vcl.Render;

/// <summary>
/// Many literal routes as one regular expression that shares their beginnings, so that matching looks at each byte of a
/// path about once however many routes there are.
/// </summary>
internal sealed class TrieRegex(RouteTails tails)
{
    private readonly Node _root = new();

    /// <summary>How deeply groups are nested in the last written expression; PCRE2 refuses more than 250.</summary>
    public int Nesting { get; private set; }

    public void Add(LiteralRoute route)
    {
        var node = _root;
        foreach (var symbol in route.Symbols)
        {
            node = node.Next(symbol);
        }

        node.IsEnd |= !route.IsSubtree;
        node.IsSubtree |= route.IsSubtree;
    }

    public string ToRegex()
    {
        Nesting = 0;
        var regex = new StringBuilder(tails.Widens ? $"(?i)^{tails.Head}" : "^");
        Write(_root, regex, 0);
        return regex.ToString();
    }

    private void Write(Node node, StringBuilder regex, int depth)
    {
        // The straight parts of a long path are walked, not recursed into.
        while (!node.IsEnd && !node.IsSubtree && node.Children.Count == 1)
        {
            var (symbol, child) = node.Children.First();
            Append(regex, symbol);
            node = child;
        }

        Nesting = Math.Max(Nesting, depth);
        var branches = Branches(node);
        if (branches.Count == 1)
        {
            branches[0](depth);
            return;
        }

        regex.Append("(?:");
        for (var i = 0; i < branches.Count; i++)
        {
            if (i > 0)
            {
                regex.Append('|');
            }

            branches[i](depth + 1);
        }

        regex.Append(')');

        List<Action<int>> Branches(Node at)
        {
            var all = new List<Action<int>>();
            var ends = at.IsSubtree ? tails.Subtree : at.IsEnd ? tails.Exact : [];
            all.AddRange(ends.Items.Select(end => (Action<int>)(_ => regex.Append(end))));
            foreach (var (symbol, child) in at.Children)
            {
                // What everything below holds already needs no branch.
                if (symbol == '/' && ends.Items.Contains("/"))
                {
                    continue;
                }

                all.Add(inner =>
                {
                    Append(regex, symbol);
                    Write(child, regex, inner);
                });
            }

            return all;
        }
    }

    private static void Append(StringBuilder regex, char symbol)
    {
        if (symbol == LiteralRoute.AnySegment)
        {
            regex.Append("[^/]+");
            return;
        }

        RegexText.Append(regex, symbol);
    }

    private sealed class Node
    {
        public SortedDictionary<char, Node> Children { get; } = [];

        public bool IsEnd { get; set; }

        public bool IsSubtree { get; set; }

        public Node Next(char symbol)
        {
            if (!Children.TryGetValue(symbol, out var child))
            {
                Children.Add(symbol, child = new Node());
            }

            return child;
        }
    }
}
