using CachePolicyOperator.Core.Routes.Origins;
using CachePolicyOperator.Origins.Probing;
using CachePolicyOperator.Origins.Running;

namespace CachePolicyOperator.Core.Tests.Routes.Origins;

/// <summary>What real frameworks did with odd targets, as <c>make origins</c> recorded it.</summary>
public sealed class RecordedOriginsTests
{
    /// <summary>
    /// The profile <c>strict</c> is slow to ask; one target in so many is enough for what is made of all the others.
    /// </summary>
    private const int StrictSample = 23;

    public static TheoryData<string> Recorded => [.. RecordingFile.All.Select(r => r.Framework)];

    [Theory]
    [MemberData(nameof(Recorded))]
    public void A_profile_knows_every_target_by_which_the_real_framework_reached_a_personal_page(string framework)
    {
        var trial = TrialOf(framework);

        Assert.NotEmpty(trial.Recording.Resolved);
        Assert.Equal([],
            trial.Missed.Select(m => $"{RecordingFile.Escape(m.Target)} is {m.Page} to {trial.Recording.Version}"));
    }

    [Fact]
    public void Strict_knows_what_any_of_them_knows()
    {
        var missed =
            from recording in RecordingFile.All
            let sample = recording with { Resolved = [.. recording.Resolved.Where((_, i) => i % StrictSample == 0)] }
            from target in new Trial(FrameworkOf(recording.Framework) with { Profile = OriginProfiles.Strict },
                sample).Missed
            select $"{RecordingFile.Escape(target.Target)} is {target.Page} to {recording.Version}";

        Assert.Equal([], missed);
    }

    [Fact]
    public void What_is_marked_as_tried_was_recorded_and_the_reverse()
    {
        var marked =
            from profile in OriginProfiles.Ids.Select(id => OriginProfiles.Find(id)!)
            from version in profile.TriedOn.Items
            select (profile.Id, version);
        var recorded =
            from recording in RecordingFile.All
            let profile = FrameworkOf(recording.Framework).Profile
            where profile != OriginProfiles.Strict
            select (profile, recording.Version);

        Assert.Equal(recorded.Order(), marked.Order());
        Assert.All(OriginProfiles.Ids.Select(id => OriginProfiles.Find(id)!), profile => Assert.All(profile.Steps.Items,
            step => Assert.Equal(profile.TriedOn.Count > 0, step.Evidence == Evidence.Tried)));
    }

    [Fact]
    public void Some_probe_is_about_each_behaviour_that_is_marked_as_tried()
    {
        var tried = OriginProfiles.Ids.SelectMany(id => OriginProfiles.Find(id)!.Steps.Items)
            .Where(s => s.Evidence == Evidence.Tried).Select(s => s.Behavior.Id).Distinct();

        Assert.Equal([], tried.Except(Probes.Behaviors));
    }

    [Fact]
    public async Task The_ASP_NET_Core_that_is_here_reaches_no_personal_page_unnoticed()
    {
        await using var origin = await AspNetCoreOrigin.StartAsync();
        var page = Frameworks.AspNetCore.Routes[1];
        var alone = await Recorder.RunAsync(origin.Port, [page], CancellationToken.None);

        var trial = new Trial(Frameworks.AspNetCore, new Recording(Frameworks.AspNetCore.Id, "here", alone));
        Assert.Contains(new ResolvedTarget(page.Path, "/ACCOUNT"), alone);
        Assert.Equal([], trial.Missed);
    }

    private static Trial TrialOf(string framework) =>
        new(FrameworkOf(framework), RecordingFile.All.Single(r => r.Framework == framework));

    private static Framework FrameworkOf(string id) => Frameworks.All.Single(f => f.Id == id);
}
