using CachePolicyOperator.Core.AgentProtocol;
using CachePolicyOperator.Core.Diagnostics;
using CachePolicyOperator.Core.Routes;
using CachePolicyOperator.Core.Routes.Origins;

namespace CachePolicyOperator.Agent.Guard;

/// <summary>The personal language of a guard configuration: the same that the proof is about.</summary>
internal sealed class PersonalTargets : IPersonalTargets
{
    private readonly PersonalLanguage _language;
    private readonly string[] _names;

    private PersonalTargets(IReadOnlyList<RoutePattern> patterns, IEnumerable<string> profiles)
    {
        _language = PersonalLanguage.Of(patterns, profiles);
        _names = [.. patterns.Select(p => p.ToString()!)];
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

    public string? RouteOf(ReadOnlySpan<byte> target) => _language.Find(target) is { } place ? _names[place] : null;

    private static RoutePattern PatternOf(GuardedRoute route) => route switch
    {
        { Path: { } path, PathPrefix: null, Template: null, Regex: null } => new ExactPath(path),
        { Path: null, PathPrefix: { } prefix, Template: null, Regex: null } => new PathPrefix(prefix),
        { Path: null, PathPrefix: null, Template: { } template, Regex: null } => new PathTemplate(template),
        { Path: null, PathPrefix: null, Template: null, Regex: { } regex } => new PathRegex(regex),
        _ => throw new FormatException("a route is not given in exactly one form"),
    };
}
