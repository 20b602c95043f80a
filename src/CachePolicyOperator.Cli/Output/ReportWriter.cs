using CachePolicyOperator.Cli.Terminals;

namespace CachePolicyOperator.Cli.Output;

/// <summary>Writes a verification in the format that was asked for.</summary>
internal static class ReportWriter
{
    public static void Write(VerifyReport report, string? format, Terminal terminal)
    {
        switch (format)
        {
            case TreeFormat.Json or TreeFormat.Yaml:
                TreeFormat.Write(VerdictJson.Write(report), format, terminal.Out);
                break;
            case "sarif":
                terminal.Out.WriteLine(SarifReport.Write(report));
                break;
            case "junit":
                terminal.Out.WriteLine(JunitReport.Write(report));
                break;
            default:
                ReportText.Write(report, terminal);
                break;
        }
    }
}
