using System.Diagnostics;
using System.Text;

namespace CachePolicyOperator.Core.Tests.Vcl.Corpus;

/// <summary>
/// Asks the real varnishd whether it reads a VCL. The C compiler is left out: it has no say in what is VCL.
/// </summary>
internal static class VarnishdCompiler
{
    public static bool Accepts(string vcl)
    {
        // Started as root, varnishd compiles as another user, for whom a private temporary directory is closed.
        var directory =
            Directory.CreateDirectory(Path.Combine(Path.GetTempPath(), $"cachepolicy-vcc-{Guid.NewGuid():n}"));
        try
        {
            var file = Path.Combine(directory.FullName, "default.vcl");
            File.WriteAllBytes(file, Encoding.Latin1.GetBytes(vcl));

            // Whoever gets as far as loading what no C compiler has made was accepted; a crash of the VCL compiler was
            // not.
            return Run(file, Path.Combine(directory.FullName, "work"))
                .Contains("Could not load compiled VCL", StringComparison.Ordinal);
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    private static string Run(string file, string work)
    {
        var start = new ProcessStartInfo(
            Environment.GetEnvironmentVariable("VARNISHD") ?? "/usr/sbin/varnishd",
            ["-C", "-p", "cc_command=true", "-n", work, "-f", file])
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        };
        using var varnishd = Process.Start(start)!;
        varnishd.OutputDataReceived += (_, _) => { };
        varnishd.BeginOutputReadLine();
        var errors = varnishd.StandardError.ReadToEnd();
        varnishd.WaitForExit();
        return errors;
    }
}
