using System.Text;
using CachePolicyOperator.Core.Diagnostics;
using CachePolicyOperator.Core.HeaderFields;
using CachePolicyOperator.Core.Routes.Automata;
using CachePolicyOperator.Core.Vcl.Semantics;
using CachePolicyOperator.Core.Vcl.Syntax;
using CachePolicyOperator.Core.Verification.State;
using CachePolicyOperator.Core.Verification.Values;

namespace CachePolicyOperator.Core.Verification.Confirming;

/// <summary>
/// Requests that are worth a try, the plainest first: made of the words that a VCL tests for, of the declared carriers,
/// and of the shapes in which attackers write a target (LEAKS §2). Most are to personal pages; those to other pages
/// show who asks reaching the origin of what is stored, and answers that are stored although they are one visitor's.
/// </summary>
internal sealed class TrialRequests
{
    private const int MaxRequests = 250;
    private const int MaxTargets = 24;
    private const int MaxOtherTargets = 10;

    // Of so many targets each other word of the VCL is tried as well.
    private const int Varied = 3;

    // Behind the path of a page, for an origin that still reads it as the page.
    private static readonly string[] Suffixes = ["", "?a=1", "/", "/x.css", ".css", ";x.css", "/x.css?a=1", "%2fx.css"];

    private readonly VclQuestion _question;
    private readonly Regexes _regexes;
    private readonly Solver _solver;
    private readonly List<(string Variable, string Pattern)> _patterns;
    private readonly List<(string Variable, string Word)> _words;

    public TrialRequests(VclProgram program, VclQuestion question, Regexes regexes)
    {
        (_question, _regexes) = (question, regexes);
        _solver = new Solver(new InputSpace(regexes.Budget));
        Expression[] conditions =
        [
            .. program.File.Declarations.Items.OfType<SubDeclaration>().SelectMany(s => s.Body.WithNested())
                .SelectMany(s => s.Expressions()).SelectMany(e => e.WithNested()),
        ];
        _patterns =
        [
            .. from match in conditions.OfType<MatchExpression>()
               where match.Regex is not null
               from variable in match.Left.WithNested().OfType<Variable>()
               select (OfRequest(variable), match.Regex!),
        ];
        _words =
        [
            .. from comparison in conditions.OfType<ComparisonExpression>()
               let word = (comparison.Right as StringLiteral ?? comparison.Left as StringLiteral)?.Value
               where word is not null
               from variable in comparison.Left.WithNested().Concat(comparison.Right.WithNested()).OfType<Variable>()
               select (OfRequest(variable), word),
        ];
    }

    /// <summary>At most a few hundred, none twice.</summary>
    public IEnumerable<Witness> All()
    {
        string[] targets = [.. Targets().Distinct().Take(MaxTargets)];
        Witness[] plain =
        [
            .. from target in targets
               from request in Carried(target)
               select request,
        ];
        return plain.Concat(ToOtherPages()).Concat(plain.Take(Varied * Suffixes.Length).Select(OnSecondLine)).Concat(
                from request in targets.Take(Varied).SelectMany(Carried)
                from other in OtherMethods(request).Concat(OtherFields(request))
                select other)
            .Distinct().Take(MaxRequests);
    }

    // What VCL tests of a backend request is mostly as it was in the client's.
    private static string OfRequest(Variable variable) =>
        variable.Owner == "bereq" ? $"req{variable.Name["bereq".Length..]}" : variable.Name;

    private IEnumerable<string> Targets()
    {
        if (_solver.Within(new SymbolicState(), new InputText(Input.Url),
            new WordSet(null, _question.Personal.CanonicalTargets(), IsOfPaths: true)) is not { } personal)
        {
            yield break;
        }

        var pages = _solver.Of(personal, Input.Url);
        foreach (var page in Words(pages, Language.All, 2))
        {
            foreach (var target in Suffixes.Select(s => page + s).Append(Encoded(page)).Append($"/{page}")
                .Where(IsPersonal))
            {
                yield return target;
            }
        }

        foreach (var pattern in UrlPatterns())
        {
            var language = _regexes.LanguageOf(pattern);
            foreach (var target in Words(pages, language.May, 1).Concat(Words(pages, language.Must.Complement(), 1)))
            {
                yield return target;
            }
        }
    }

    // What a page that is for all may not do: be asked with who asks, or keep an answer that is for one.
    private IEnumerable<Witness> ToOtherPages()
    {
        var all = _solver.Of(new SymbolicState(), Input.Url);
        string[] targets =
        [
            .. UrlPatterns().SelectMany(p => Words(all, _regexes.LanguageOf(p).May, 1)).Prepend("/")
                .Where(t => t.StartsWith('/') && !IsPersonal(t)).Distinct().Take(MaxOtherTargets),
        ];
        return from target in targets
               from request in Carried(target).SelectMany(r => new[] { r, With(r, "Cookie", "a=1; ") })
                   .Prepend(Witness.Get(target)).Distinct()
               select request;
    }

    private IEnumerable<string> UrlPatterns() =>
        _patterns.Where(p => p.Variable == "req.url").Select(p => p.Pattern).Distinct();

    // With its last byte in another spelling, which many an origin takes for that byte.
    private static string Encoded(string page) => $"{page[..^1]}%{(int)page[^1]:x2}";

    // VCL reads the first line of several, and origins all of them.
    private static Witness OnSecondLine(Witness request) => request with
    {
        Headers = request.Headers.Items
            .SelectMany(h => h.Name == "Cookie" ? [new HeaderField(h.Name, "a=1"), h] : new[] { h }).ToEquatableList(),
    };

    private IEnumerable<Witness> Carried(string target)
    {
        var identity = _question.Identity;
        foreach (var cookie in identity.Cookies.Items.DefaultIfEmpty(identity.ExampleCookie()))
        {
            yield return Witness.Get(target, new HeaderField("Cookie", $"{cookie.Replace('*', '1')}=1"));
        }

        foreach (var header in identity.Headers)
        {
            yield return Witness.Get(target, new HeaderField(FieldTitle.Of(header), "1"));
        }

        yield return Witness.Get(target, new HeaderField("Authorization", "Bearer 1"));
        foreach (var parameter in identity.QueryParameters)
        {
            yield return Witness.Get(
                $"{target}{(target.Contains('?', StringComparison.Ordinal) ? '&' : '?')}{parameter}=1");
        }
    }

    private IEnumerable<Witness> OtherMethods(Witness request) =>
        from method in ValuesOf("req.method", "HEAD", "POST").Take(6)
        where method.Length > 0 && method.All(c => char.IsAsciiLetterUpper(c) || c == '-')
        select request with { Method = method };

    private IEnumerable<Witness> OtherFields(Witness request) =>
        from variable in _patterns.Select(p => p.Variable).Concat(_words.Select(w => w.Variable)).Distinct()
        where variable.StartsWith("req.http.", StringComparison.Ordinal)
        let name = variable["req.http.".Length..]
        from value in ValuesOf(variable, "1").Take(4)
        where value.All(c => c is >= ' ' and <= '~')
        select With(request, FieldTitle.Of(name), name == RequestFields.Cookie ? $"{value}; " : value);

    // Another cookie goes before the one that says who asks, as browsers send them.
    private static Witness With(Witness request, string name, string value)
    {
        var old = request.Headers.Items.FirstOrDefault(h => h.Name == name);
        var field = new HeaderField(name, name == "Cookie" ? $"{value}{old?.Value}".TrimEnd(' ', ';') : value);
        return request with
        {
            Headers = request.Headers.Items.Where(h => h.Name != name).Append(field).ToEquatableList(),
        };
    }

    private IEnumerable<string> ValuesOf(string variable, params string[] usual) =>
        _words.Where(w => w.Variable == variable).Select(w => w.Word)
            .Concat(_patterns.Where(p => p.Variable == variable).SelectMany(p =>
                _regexes.LanguageOf(p.Pattern).May.Intersect(
                    _solver.Of(new SymbolicState(), Input.Cookie).Value, _solver.Budget)
                    .Samples(1).Select(Encoding.Latin1.GetString)))
            .Concat(usual).Distinct();

    private IEnumerable<string> Words(InputFacts pages, Language within, int count) =>
        pages.Samples(count, within, _solver.Budget).Select(Encoding.Latin1.GetString)
            .Where(w => w.All(c => c is > ' ' and <= '~' and not '\\'));

    private bool IsPersonal(string target) => _question.Personal.Matches(Encoding.Latin1.GetBytes(target));
}
