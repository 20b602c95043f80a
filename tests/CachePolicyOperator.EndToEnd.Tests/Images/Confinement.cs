using CachePolicyOperator.TestCluster;

namespace CachePolicyOperator.EndToEnd.Tests.Images;

/// <summary>What the kernel says of a process that a container runtime started.</summary>
internal sealed record Confinement(
    string User, string Capabilities, string NoNewPrivileges, string SystemCalls, bool IsRootReadOnly)
{
    /// <summary>Of the first process of the container.</summary>
    public static Confinement Of(ChildProcess runtime)
    {
        var id = File.ReadAllText($"/proc/{runtime.Id}/task/{runtime.Id}/children")
            .Split(' ', StringSplitOptions.RemoveEmptyEntries).Single();
        var status = File.ReadLines($"/proc/{id}/status").Select(line => line.Split(":\t"))
            .ToDictionary(pair => pair[0], pair => pair[^1]);
        return new Confinement(
            status["Uid"].Split('\t')[0], status["CapBnd"], status["NoNewPrivs"], status["Seccomp"],
            File.ReadLines($"/proc/{id}/mountinfo").Select(line => line.Split(' ')).Single(words => words[4] == "/")[5]
                .Split(',').Contains("ro"));
    }
}
