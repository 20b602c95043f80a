using CachePolicyOperator.Core.Routes;

namespace CachePolicyOperator.Origins.Running;

/// <summary>A framework as we run it.</summary>
/// <param name="Id">Name of the recording.</param>
/// <param name="Profile">The origin profile that has to cover it.</param>
/// <param name="Directory">Below <c>tests/origins</c>: where its <c>run</c> is.</param>
/// <param name="Variant">How to run it; null: in its usual way.</param>
/// <param name="Routes">What the application answers personally.</param>
public sealed record Framework(
    string Id, string Name, string Profile, string Directory, string? Variant, IReadOnlyList<PersonalPage> Routes);

/// <summary>
/// A personal page of an application: the path that the probes disguise, the text that it answers, and what its owner
/// declares.
/// </summary>
public sealed record PersonalPage(string Path, string Answer, RoutePattern Declared)
{
    public static PersonalPage Exact(string path, string answer) => new(path, answer, new ExactPath(path));

    public static PersonalPage Below(string path, string answer) => new(path, answer, new PathPrefix(path));
}
