using System.Text;
using CachePolicyOperator.Core.Personal;
using CachePolicyOperator.Origins.Probing;

namespace CachePolicyOperator.Origins.Running;

/// <summary>A recording held against the profile that has to cover it.</summary>
public sealed class Trial(Framework framework, Recording recording)
{
    private readonly Lazy<IReadOnlyList<ResolvedTarget>> _missed = new(() => FindMissed(framework, recording));

    public Framework Framework => framework;

    public Recording Recording => recording;

    /// <summary>
    /// Targets that reached a personal page and that the profile takes for something else: each one is a leak.
    /// </summary>
    public IReadOnlyList<ResolvedTarget> Missed => _missed.Value;

    /// <summary>The same recording held against another profile.</summary>
    public Trial WithProfile(string profile) => new(framework with { Profile = profile }, recording);

    /// <summary>The probes about a behaviour alone, and those of them that reached a personal page.</summary>
    public (int Sent, ResolvedTarget[] Reached) Of(string behavior)
    {
        var reached = recording.Resolved.ToHashSet();
        var sent = framework.Routes.SelectMany(page => Probes.For(page.Path).Where(p => p.Behavior == behavior)
            .Select(p => new ResolvedTarget(page.Path, p.Target))).ToArray();
        return (sent.Length, [.. sent.Where(reached.Contains)]);
    }

    /// <summary>
    /// How many of the single disguises the profile counts as personal although the framework did not: the price of
    /// "may".
    /// </summary>
    public int CountTooMany()
    {
        var reached = recording.Resolved.ToHashSet();
        return framework.Routes.Sum(page =>
        {
            var language = LanguageOf(framework, page);
            return Alone(page)
                .Count(p => !reached.Contains(new ResolvedTarget(page.Path, p.Target))
                && language.Matches(Encoding.Latin1.GetBytes(p.Target)));
        });
    }

    public int CountAlone() => framework.Routes.Sum(page => Alone(page).Count());

    public int CountProbes() => framework.Routes.Sum(page => Probes.For(page.Path).Count);

    private static IEnumerable<Probe> Alone(PersonalPage page) =>
        Probes.For(page.Path).Where(p => !p.Behavior.Contains('+'));

    private static ResolvedTarget[] FindMissed(Framework framework, Recording recording)
    {
        var languages = framework.Routes.ToDictionary(page => page.Path, page => LanguageOf(framework, page));
        return [.. recording.Resolved.Where(r => !languages[r.Page].Matches(Encoding.Latin1.GetBytes(r.Target)))];
    }

    private static PersonalLanguage LanguageOf(Framework framework, PersonalPage page) =>
        PersonalLanguage.Of([page.Declared], [framework.Profile]);
}
