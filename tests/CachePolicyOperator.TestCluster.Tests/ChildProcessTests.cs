namespace CachePolicyOperator.TestCluster.Tests;

public sealed class ChildProcessTests
{
    [Fact]
    public async Task A_line_that_was_said_is_found_whether_before_or_after_one_asks()
    {
        await using var child = ChildProcess.Start("/bin/sh", "-c", "echo one; read wait; echo two");

        Assert.Equal("one",
            await child.WaitForLineAsync(line => line.StartsWith("one", StringComparison.Ordinal),
            CancellationToken.None));
        Assert.Equal("one",
            await child.WaitForLineAsync(line => line.StartsWith("one", StringComparison.Ordinal),
            CancellationToken.None));
    }

    [Fact]
    public async Task Waiting_for_a_line_ends_with_the_log_when_the_process_ends()
    {
        await using var child = ChildProcess.Start("/bin/sh", "-c", "echo what went wrong; exit 3");

        var failure = await Assert.ThrowsAsync<ProcessEndedException>(
            () => child.WaitForLineAsync(line => line == "never", CancellationToken.None));

        Assert.Contains("exit code 3", failure.Message, StringComparison.Ordinal);
        Assert.Contains("what went wrong", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Its_own_children_end_with_it()
    {
        var child = ChildProcess.Start(
            new ChildProcessOptions("/bin/sh", ["-c", "sleep 1000 & echo $!; wait"]) { Grace = TimeSpan.Zero });
        var grandchild = await child.WaitForLineAsync(line => int.TryParse(line, out _), CancellationToken.None);

        await child.DisposeAsync();

        await Eventually.TrueAsync("the grandchild to end", _ => Task.FromResult(HasEnded(grandchild)));
    }

    [Fact]
    public async Task A_clean_environment_has_nothing_of_ours()
    {
        Environment.SetEnvironmentVariable("CACHEPOLICY_TEST_LEAK", "1");

        var result = await ChildProcess.RunAsync(
            new ChildProcessOptions("/usr/bin/env", [])
            {
                CleanEnvironment = true,
                Environment = new Dictionary<string,
                string?>
                { ["A"] = "b" }
            },
            CancellationToken.None);

        Assert.Contains("A=b", result.Lines);
        Assert.DoesNotContain(result.Lines, line => line.StartsWith("CACHEPOLICY_TEST_LEAK", StringComparison.Ordinal));
    }

    // Gone, or a zombie that waits for whoever inherited it.
    private static bool HasEnded(string id)
    {
        try
        {
            return File.ReadAllText($"/proc/{id}/stat").Contains(") Z ", StringComparison.Ordinal);
        }
        catch (IOException)
        {
            return true;
        }
    }
}
