using System.Text;
using CachePolicyOperator.Core.Routes.Origins;
using CachePolicyOperator.Origins.Probing;
using CachePolicyOperator.Origins.Running;

namespace CachePolicyOperator.Origins.Reporting;

/// <summary>The page about the origin profiles: what real frameworks did, by profile and behaviour.</summary>
internal static class ProfilesPage
{
    private static readonly string[] Always = ["absolute-form", "blanks", "fragment", "query"];

    public static string Write(IReadOnlyList<Trial> trials)
    {
        var page = new StringBuilder("""
            # Origin profiles, and what the frameworks really do

            Written by `make origins`, which runs each framework with a small application: some personal pages, and a page for everything else. It sends
            every way that we know of writing the path of a personal page otherwise, alone and in combinations, and notes which of them reach the
            page. What reaches it must be in the language of the profile: a target that is missing there could be cached, and is a bug.
            The recordings are in `tests/CachePolicyOperator.Origins/Recorded`; a test holds the profiles to them. `strict` must cover them all.

            | framework | profile | probes | reach a personal page | missed by the profile | personal to the profile only |
            |---|---|---|---|---|---|

            """);
        foreach (var trial in trials)
        {
            page.Append(
                $"| {trial.Recording.Version} | `{trial.Framework.Profile}` | {trial.CountProbes()} | "
                    + $"{trial.Recording.Resolved.Count} | {trial.Missed.Count} | {trial.CountTooMany()} of "
                    + $"{trial.CountAlone()} |\n");
        }

        page.Append("""

            The last column is the price of "may", of the ways alone: what the profile counts as personal to be on the safe side. It costs a cache entry, never a leak.


            """);
        foreach (var profile in OriginProfiles.Ids.Select(id => OriginProfiles.Find(id)!))
        {
            Write(page, profile, [.. trials.Where(t => t.Framework.Profile == profile.Id)]);
        }

        return page.ToString();
    }

    private static void Write(StringBuilder page, OriginProfile profile, Trial[] trials)
    {
        page.Append($"## {profile.Id}\n\n{char.ToUpperInvariant(profile.Summary[0])}{profile.Summary[1..]}.\n\n");
        if (trials.Length == 0 || profile.Id == OriginProfiles.Strict)
        {
            var behaviors = string.Join(", ", profile.Steps.Items.Select(s => $"`{s.Behavior.Id}`").Distinct());
            page.Append(profile.Id == OriginProfiles.Strict
                ? $"Made of all that the others do: {behaviors}.\n\n"
                : $"Documented only; nothing that we can run from packages. Behaviours: {behaviors}.\n\n");
            return;
        }

        page.Append(
            $"| behaviour | in the profile | {string.Join(" | ", trials.Select(t => t.Recording.Version))} "
                + $"|\n|---|---|{string.Concat(trials.Select(_ => "---|"))}\n");
        foreach (var behavior in Probes.Behaviors.Order(StringComparer.Ordinal))
        {
            var isIn = Always.Contains(behavior) || profile.Steps.Items.Any(s => s.Behavior.Id == behavior);
            page.Append(
                $"| `{behavior}` | {(isIn ? "yes" : "no")} | "
                    + $"{string.Join(" | ", trials.Select(t => Cell(t, behavior)))} |\n");
        }

        page.Append('\n');
    }

    private static string Cell(Trial trial, string behavior)
    {
        var (sent, reached) = trial.Of(behavior);
        return reached.Length == 0 ? $"0 of {sent}"
            : $"{reached.Length} of {sent}, "
                + $"`{RecordingFile.Escape(reached[0].Target).Replace("|", "\\|", StringComparison.Ordinal)}`";
    }
}
