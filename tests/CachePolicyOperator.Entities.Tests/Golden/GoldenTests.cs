using System.Text;
using CachePolicyOperator.Core;
using CachePolicyOperator.Core.Diagnostics;
using CachePolicyOperator.Entities.Documents;
using CachePolicyOperator.Entities.Reading;

namespace CachePolicyOperator.Entities.Tests.Golden;

/// <summary>
/// Every case beside this file: documents as written, a line of dashes, the diagnostics. UPDATE_GOLDEN=1 rewrites them.
/// </summary>
public sealed class GoldenTests
{
    private const string Line = "\n----------\n";

    private static string Folder => Path.Combine(Repository.Tests, "Golden");

    public static TheoryData<string> Cases() =>
        [.. Directory.GetFiles(Folder, "*.golden").Select(f => Path.GetFileNameWithoutExtension(f)!)
            .Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Cases))]
    public void The_documents_get_these_diagnostics(string name)
    {
        var file = Path.Combine(Folder, $"{name}.golden");
        var text = File.ReadAllText(file);
        var end = text.IndexOf(Line, StringComparison.Ordinal);
        var input = end < 0 ? text : text[..end];
        var actual = Diagnostics(input);

        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1")
        {
            File.WriteAllText(file, $"{input.TrimEnd('\n')}{Line}{actual}");
            return;
        }

        Assert.True(end >= 0 && text[(end + Line.Length)..] == actual,
            $"case {name}: FILTER=The_documents_get_these_diagnostics shows it alone, UPDATE_GOLDEN=1 rewrites it; "
                + $"found\n{actual}");
    }

    private static string Diagnostics(string input)
    {
        var read = YamlDocuments.Read(Encoding.UTF8.GetBytes(input), "policy.yaml");
        var written = new StringBuilder();
        foreach (var problem in read.Diagnostics.Items)
        {
            written.Append(problem.Severity).Append(' ').Append(problem).Append('\n');
        }

        var configMaps = new ConfigMapsOf(read.Documents);
        foreach (var document in read.Documents.Items)
        {
            foreach (var d in Read(document, configMaps))
            {
                written.Append($"{d.Severity} policy.yaml:{document.LineOf(d.Path)}: {d}\n");
            }
        }

        return written.Length == 0 ? "nothing\n" : written.ToString();
    }

    private static EquatableList<Diagnostic> Read(Document document, IConfigMaps configMaps) => document.Kind switch
    {
        "PersonalRoutes" => PersonalRoutesReader.Read(document, configMaps).Diagnostics,
        "CacheReview" => ReviewReader.Read(document).Diagnostics,
        "CacheInvalidation" => InvalidationReader.Read(document).Diagnostics,
        "ConfigMap" => [],
        _ => PolicyReader.Read(document, configMaps).Diagnostics,
    };
}
