using System.Text;
using CachePolicyOperator.Core;
using CachePolicyOperator.Entities.Documents;
using CachePolicyOperator.Entities.Reading;

namespace CachePolicyOperator.Entities.Tests.Reading;

/// <summary>The examples can be applied as they are, document by document, as <c>kubectl apply</c> does.</summary>
public sealed class ExamplesTests
{
    public static TheoryData<string> Files() =>
        [.. Directory.GetFiles(Path.Combine(Repository.Root, "docs", "examples"), "*.yaml")
            .Select(f => Path.GetFileName(f)!).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Files))]
    public void Every_document_refers_only_to_what_was_applied_before(string file)
    {
        var documents =
            YamlDocuments.Read(Encoding.UTF8.GetBytes(File.ReadAllText(Repository.Example(file))), file).Documents;
        for (var i = 0; i < documents.Count; i++)
        {
            var before = new ConfigMapsOf(documents.Items.Take(i).ToEquatableList());

            var found = documents[i].Kind switch
            {
                CachePolicy.KubeKind => PolicyReader.Read(documents[i], before).Diagnostics,
                PersonalRoutes.KubeKind => PersonalRoutesReader.Read(documents[i], before).Diagnostics,
                _ => [],
            };

            Assert.Empty(found.Items);
        }
    }
}
