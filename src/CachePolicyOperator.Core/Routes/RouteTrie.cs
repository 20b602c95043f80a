using System.Runtime.InteropServices;
using System.Text;
using CachePolicyOperator.Core.Routes.Automata;
using CachePolicyOperator.Core.Routes.Regex;

namespace CachePolicyOperator.Core.Routes;

/// <summary>
/// Many route patterns as one automaton over paths. Patterns share their beginnings, so that thousands of them cost
/// what their text costs. Each pattern is tagged for the paths that it may match, and for those that it surely does.
/// </summary>
internal sealed class RouteTrie
{
    private const int Segment = 256;
    private const int Below = 257;

    private static readonly ByteSet InSegment = ~ByteSet.Of('/');

    private readonly Budget _budget;
    private readonly NfaBuilder _builder;
    private readonly Dictionary<long, int> _children = [];
    private readonly RegexCache _regexes;
    private readonly int _root;

    public RouteTrie(Budget budget, RegexCache? regexes = null)
    {
        _budget = budget;
        _regexes = regexes ?? new RegexCache(budget);
        _builder = new NfaBuilder(budget);
        _root = _builder.AddStart();
    }

    /// <exception cref="RegexSyntaxException">The pattern is a regex that PCRE2 would refuse.</exception>
    public void Add(RoutePattern pattern, int mayTag, int mustTag)
    {
        switch (pattern)
        {
            case ExactPath exact:
                Accept(Literal(exact.Path), mayTag, mustTag);
                break;
            case PathPrefix prefix:
                AddPrefix(prefix.Prefix.TrimEnd('/'), mayTag, mustTag);
                break;
            case PathTemplate template:
                Accept(Template(template.Template), mayTag, mustTag);
                break;
            case PathRegex regex:
                AddRegex(regex.Pattern, mayTag, mustTag);
                break;
            default:
                throw new System.Diagnostics.UnreachableException(pattern.GetType().Name);
        }
    }

    /// <summary>Adds every word.</summary>
    public void AddEverything(int mayTag, int mustTag)
    {
        var state = Child(_root, Below, below =>
        {
            _builder.AddEpsilon(_root, below);
            _builder.AddArc(below, ByteSet.All, below);
        });
        Accept(state, mayTag, mustTag);
    }

    /// <summary>Adds the paths whose last segment ends in a dot and the extension, in any case.</summary>
    public void AddExtension(string extension, int tag)
    {
        var anywhere = Child(_root, Below + 1, state =>
        {
            _builder.AddEpsilon(_root, state);
            _builder.AddArc(state, ByteSet.All, state);
        });
        var at = Child(anywhere, '.', state => _builder.AddArc(anywhere, (byte)'.', state));
        foreach (var b in Encoding.UTF8.GetBytes(extension.ToLowerInvariant()))
        {
            var from = at;
            at = Child(from, b, state => _builder.AddArc(from, ByteSet.Of(b).IgnoringCase(), state));
        }

        _builder.Accept(at, tag);
    }

    public Nfa Build() => _builder.Build();

    private void AddPrefix(string prefix, int mayTag, int mustTag)
    {
        var node = Literal(prefix);
        if (node != _root)
        {
            Accept(node, mayTag, mustTag);
        }

        Accept(
            Child(node, Below, below =>
            {
                _builder.AddArc(node, (byte)'/', below);
                _builder.AddArc(below, ByteSet.All, below);
            }),
            mayTag,
            mustTag);
    }

    private void AddRegex(string pattern, int mayTag, int mustTag)
    {
        var (literal, language) = _regexes[pattern];
        var node = Literal(_root, literal);
        foreach (var end in _builder.AddLanguage(node, language.May))
        {
            _builder.Accept(end, mayTag);
            if (language.IsExact)
            {
                _builder.Accept(end, mustTag);
            }
        }

        if (!language.IsExact)
        {
            foreach (var end in _builder.AddLanguage(node, language.Must))
            {
                _builder.Accept(end, mustTag);
            }
        }
    }

    private void Accept(int state, int mayTag, int mustTag)
    {
        _builder.Accept(state, mayTag);
        _builder.Accept(state, mustTag);
    }

    private int Literal(string text) => Literal(_root, text);

    private int Literal(int node, string text) => Literal(node, Encoding.UTF8.GetBytes(text));

    private int Literal(int node, byte[] text)
    {
        foreach (var b in text)
        {
            if (!TryChild(node, b, out var child))
            {
                _builder.AddArc(node, b, child);
            }

            node = child;
        }

        return node;
    }

    /// <summary>A <c>{parameter}</c> stands for one or more bytes of a segment.</summary>
    private int Template(string template)
    {
        var node = _root;
        var at = 0;
        while (at < template.Length)
        {
            var open = template.IndexOf('{', at);
            var close = open < 0 ? -1 : template.IndexOf('}', open);
            if (close < 0)
            {
                return Literal(node, template[at..]);
            }

            var from = Literal(node, template[at..open]);
            node = Child(from, Segment, state =>
            {
                _builder.AddArc(from, InSegment, state);
                _builder.AddArc(state, InSegment, state);
            });
            at = close + 1;
        }

        return node;
    }

    private int Child(int node, int label, Action<int> connect)
    {
        if (!TryChild(node, label, out var child))
        {
            connect(child);
        }

        return child;
    }

    /// <summary>The child of a node; false where it was only made now and nothing leads to it yet.</summary>
    private bool TryChild(int node, int label, out int child)
    {
        ref var known = ref CollectionsMarshal.GetValueRefOrAddDefault(
            _children, ((long)node << 16) | (uint)label, out var exists);
        if (!exists)
        {
            _budget.Store(6);
            known = _builder.AddState();
        }

        child = known;
        return exists;
    }
}
