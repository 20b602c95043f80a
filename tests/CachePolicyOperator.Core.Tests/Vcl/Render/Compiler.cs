using CachePolicyOperator.TestCluster;

namespace CachePolicyOperator.Core.Tests.Vcl.Render;

/// <summary>The VCL compiler of the real varnishd.</summary>
internal static class Compiler
{
    /// <summary>Compiles, or fails the test with the compiler's own words.</summary>
    public static async Task CompileAsync(string vcl)
    {
        var result = await TryCompileAsync(vcl);
        Assert.True(result.ExitCode == 0, string.Join('\n', result.Lines.TakeLast(40)));
    }

    public static async Task<ProcessResult> TryCompileAsync(string vcl)
    {
        using var directory = new TemporaryDirectory("vcl");
        var path = directory.File("test.vcl");
        await File.WriteAllTextAsync(path, vcl);
        string[] arguments =
            ["-j", "none", "-C", "-p", VarnishOptions.QuickCompiler, "-n", directory.File("work"), "-f", path];
        var options = new ChildProcessOptions(Assets.VarnishD, arguments);
        return await ChildProcess.RunAsync(options, CancellationToken.None);
    }
}
