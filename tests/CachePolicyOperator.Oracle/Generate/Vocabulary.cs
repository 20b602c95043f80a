using System.Text;
using CachePolicyOperator.Core.Routes.Automata;
using CachePolicyOperator.Core.Routes.Regex;
using CachePolicyOperator.Core.Vcl.Syntax;

namespace CachePolicyOperator.Oracle.Generate;

/// <summary>
/// Strings that a VCL looks for: words that meet its own patterns and constants, by what it compares them with.
/// </summary>
internal sealed class Vocabulary
{
    private const int SamplesOfPattern = 4;

    private readonly Dictionary<string, HashSet<string>> _words = new(StringComparer.Ordinal);

    private Vocabulary()
    {
    }

    /// <summary>Names of the request's header fields that the VCL mentions, in lower case.</summary>
    public IReadOnlyList<string> Fields { get; private init; } = [];

    /// <summary>The same of the response.</summary>
    public IReadOnlyList<string> ResponseFields { get; private init; } = [];

    public static Vocabulary Of(VclFile file)
    {
        var expressions = file.Declarations.Items.OfType<SubDeclaration>()
            .SelectMany(s => s.Body.WithNested()).SelectMany(s => s.Expressions()).SelectMany(e => e.WithNested())
                .ToList();
        var variables = expressions.OfType<Variable>().Where(v => v.Header is not null).ToList();
        var vocabulary = new Vocabulary
        {
            Fields = [.. variables.Where(v => v.Root is "req.http" or "bereq.http")
                .Select(v => v.Header!.ToLowerInvariant()).Distinct()],
            ResponseFields =
                [.. variables.Where(v => v.Root is "beresp.http").Select(v => v.Header!.ToLowerInvariant()).Distinct()],
        };
        foreach (var expression in expressions)
        {
            vocabulary.Read(expression);
        }

        return vocabulary;
    }

    /// <summary>Words for a variable: <c>url</c>, <c>method</c>, or a header field's name.</summary>
    public IReadOnlyCollection<string> Of(string variable) => _words.GetValueOrDefault(variable) ?? [];

    /// <summary>A few short words of a pattern.</summary>
    public static IEnumerable<string> Samples(string pattern)
    {
        try
        {
            var language = RegexLanguage.Of(pattern, Budget.ForPattern()).May
                .Intersect(Language.OneOf(ByteSet.Range(0x21, 0x7e)).Star(Budget.ForPattern()), Budget.ForPattern());
            return [.. language.Samples(SamplesOfPattern).Select(Encoding.Latin1.GetString).Where(w => w.Length < 200)];
        }
        catch (Exception e) when (e is BudgetExceededException or RegexSyntaxException)
        {
            return [];
        }
    }

    private void Read(Expression expression)
    {
        switch (expression)
        {
            case MatchExpression { Regex: { } pattern } match:
                Add(match.Left, Samples(pattern));
                break;
            case ComparisonExpression { Right: StringLiteral right } comparison:
                Add(comparison.Left, [right.Value]);
                break;
            case FunctionCall
            {
                Key: "regsub" or "regsuball",
                Arguments: [var subject, { Value: StringLiteral pattern }, ..]
            }:
                Add(subject.Value, Samples(pattern.Value));
                break;
        }
    }

    private void Add(Expression subject, IEnumerable<string> words)
    {
        foreach (var variable in subject.WithNested().OfType<Variable>())
        {
            var key = variable.Header?.ToLowerInvariant() ?? variable.Root[(variable.Root.LastIndexOf('.') + 1)..];
            if (!_words.TryGetValue(key, out var known))
            {
                _words.Add(key, known = new HashSet<string>(StringComparer.Ordinal));
            }

            known.UnionWith(words);
        }
    }
}
