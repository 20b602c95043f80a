using System.Buffers;
using System.Text;
using CachePolicyOperator.Core.AgentProtocol;
using CachePolicyOperator.Core.Diagnostics;
using CachePolicyOperator.Core.Personal;
using CachePolicyOperator.Core.Routes;
using CachePolicyOperator.Core.Routes.Origins;

namespace CachePolicyOperator.Agent.Guard;

/// <summary>
/// The personal language of a guard configuration: the same that the proof is about. Asked by one thread at a time.
/// </summary>
internal sealed class PersonalTargets : IPersonalTargets
{
    public const int LongestAmbiguous = 1_024;
    private const int MaxJudged = 8_192;

    private static readonly SearchValues<byte> Plain =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/._~-"u8);

    private readonly Dictionary<string, string?> _judged = [];
    private readonly PersonalLanguage _language;
    private readonly string[] _names;

    private PersonalTargets(IReadOnlyList<RoutePattern> patterns, IEnumerable<string> profiles)
    {
        _language = PersonalLanguage.Of(patterns, profiles);
        _names = [.. patterns.Select(p => p.ToString()!)];

        // The automata are built at the first question: not on the thread that reads the log.
        _ = _language.Find("/"u8);
        _ = _language.Find("//"u8);
    }

    /// <summary>Throws <see cref="FormatException"/> where a route or profile cannot be read.</summary>
    public static PersonalTargets Of(GuardConfiguration configuration)
    {
        var patterns = configuration.Routes.Items.Select(PatternOf).ToList();
        var wrong = patterns.SelectMany((pattern, i) => RoutePatternCheck.Check(pattern, $"routes[{i}]"))
            .Concat(OriginProfiles.Check(configuration.OriginProfiles, "originProfiles"))
            .FirstOrDefault(d => d.Severity == Severity.Error);
        return wrong is null
            ? new PersonalTargets(patterns, configuration.OriginProfiles)
            : throw new FormatException(wrong.ToString());
    }

    public string? RouteOf(ReadOnlySpan<byte> target)
    {
        // The query is never part of a path.
        var path = PersonalLanguage.PathOf(target);
        if (IsPlain(path))
        {
            return Name(_language.Find(path));
        }

        // What may be read in many ways costs milliseconds, more where it is longer, and this is asked on the thread
        // that reads the log. So each is judged once, and one that is too long counts as personal: the guard must not
        // fall behind.
        if (path.Length > LongestAmbiguous)
        {
            return Name(0);
        }

        var key = Encoding.Latin1.GetString(path);
        if (!_judged.TryGetValue(key, out var route))
        {
            route = Name(_language.Find(path));
            if (_judged.Count >= MaxJudged)
            {
                _judged.Clear();
            }

            _judged[key] = route;
        }

        return route;
    }

    private static bool IsPlain(ReadOnlySpan<byte> path) =>
        path.StartsWith("/"u8) && path.IndexOfAnyExcept(Plain) < 0
        && path.IndexOf("//"u8) < 0 && path.IndexOf("/."u8) < 0;

    private string? Name(int? place) => place is { } found && found < _names.Length ? _names[found] : null;

    private static RoutePattern PatternOf(GuardedRoute route) => route switch
    {
        { Path: { } path, PathPrefix: null, Template: null, Regex: null } => new ExactPath(path),
        { Path: null, PathPrefix: { } prefix, Template: null, Regex: null } => new PathPrefix(prefix),
        { Path: null, PathPrefix: null, Template: { } template, Regex: null } => new PathTemplate(template),
        { Path: null, PathPrefix: null, Template: null, Regex: { } regex } => new PathRegex(regex),
        _ => throw new FormatException("a route is not given in exactly one form"),
    };
}
