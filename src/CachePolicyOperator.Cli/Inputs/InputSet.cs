using CachePolicyOperator.Cli.Terminals;
using CachePolicyOperator.Core.Diagnostics;
using CachePolicyOperator.Core.Model;
using CachePolicyOperator.Entities;
using CachePolicyOperator.Entities.Documents;
using CachePolicyOperator.Entities.Reading;

namespace CachePolicyOperator.Cli.Inputs;

/// <summary>Everything that was given to a command: the policies with what binds them, and what is wrong.</summary>
internal sealed class InputSet : IExcerpts
{
    private readonly Dictionary<string, InputFile> _files;
    private readonly List<Document> _documents;

    private InputSet(IReadOnlyList<InputFile> files, List<Document> documents, List<Diagnostic> unreadable)
    {
        _files = files.GroupBy(f => f.Name).ToDictionary(g => g.Key, g => g.First(), StringComparer.Ordinal);
        _documents = documents;
        Unreadable = unreadable;
    }

    /// <summary>What could not be read at all: files, syntax.</summary>
    public IReadOnlyList<Diagnostic> Unreadable { get; }

    /// <summary>What is wrong with documents, each with its place in a file.</summary>
    public List<Diagnostic> Problems { get; } = [];

    /// <summary>The policies that could be read, in the order given.</summary>
    public List<InputPolicy> Policies { get; } = [];

    /// <summary>Whether a CachePolicy is among the documents, read or not.</summary>
    public bool HasPolicy { get; private set; }

    public static InputSet Read(IReadOnlyList<string> names, string? inNamespace, Terminal terminal)
    {
        var unreadable = new List<Diagnostic>();
        var files = InputFiles.Read(names, terminal, unreadable);
        var documents = new List<Document>();
        foreach (var file in files)
        {
            var read = YamlDocuments.Read(file.Bytes, file.Name);
            unreadable.AddRange(read.Diagnostics.Items);
            documents.AddRange(read.Documents.Items.SelectMany(KubernetesLists.Unfold)
                .Select(d => d.InNamespace(inNamespace)));
        }

        var set = new InputSet(files, documents, unreadable);
        set.Read();
        return set;
    }

    /// <summary>The line that a diagnostic's place names (<c>policy.yaml:12: …</c>).</summary>
    public IReadOnlyList<ExcerptLine> Of(Diagnostic diagnostic)
    {
        if (Quote(diagnostic.Path) is not { } line)
        {
            return [];
        }

        var gutter = new string(' ', line.Number.ToString().Length);
        return [new($"{gutter} |", ""), new($"{line.Number} |", Short(line.Text)), new($"{gutter} |", "")];
    }

    private (int Number, string Text)? Quote(string path)
    {
        foreach (var (name, file) in _files)
        {
            if (path.StartsWith($"{name}:", StringComparison.Ordinal)
                && int.TryParse(path.AsSpan(name.Length + 1).Trim(" ").ToString().Split(':', ' ')[0], out var number)
                && file.Line(number) is { } text)
            {
                return (number, text);
            }
        }

        return null;
    }

    private static string Short(string line) => line.Length <= 160 ? line : $"{line[..159]}…";

    private void Read()
    {
        var configMaps = new GivenConfigMaps(_documents);
        var personal = new List<(Document Document, Core.Model.PersonalRoutes Value)>();
        foreach (var document in _documents.Where(IsOurs))
        {
            switch (document.Kind)
            {
                case CachePolicy.KubeKind:
                    HasPolicy = true;
                    if (Told(document, PolicyReader.Read(document, configMaps)) is { } policy)
                    {
                        Policies.Add(new InputPolicy(document, new PolicySet(policy, []), []));
                    }

                    break;
                case Entities.PersonalRoutes.KubeKind:
                    if (Told(document, PersonalRoutesReader.Read(document, configMaps)) is { } routes)
                    {
                        personal.Add((document, routes));
                    }

                    break;
                case CacheReview.KubeKind:
                    Told(document, ReviewReader.Read(document));
                    break;
                case CacheInvalidation.KubeKind:
                    Told(document, InvalidationReader.Read(document));
                    break;
                case CacheIncident.KubeKind:
                    break;
                default:
                    Problems.Add(Place.In(document, UnknownKind(document.Kind)));
                    break;
            }
        }

        TellRepeated();
        Bind(personal);
    }

    private void Bind(List<(Document Document, Core.Model.PersonalRoutes Value)> personal)
    {
        foreach (var (document, routes) in personal)
        {
            if (Policies.Count > 0 && !Policies.Exists(p => PolicySet.Bind(p.Set.Policy, [routes]).Binding.Count > 0))
            {
                Problems.Add(Place.In(document, Neighbours.BindsNothing(routes.Name.Namespace)));
            }
        }

        for (var i = 0; i < Policies.Count; i++)
        {
            TellSharedHosts(i);
        }

        for (var i = 0; i < Policies.Count; i++)
        {
            Policies[i] = Policies[i] with
            {
                Set = PolicySet.Bind(Policies[i].Set.Policy, personal.Select(p => p.Value)),
                Personal = [.. personal.Select(p => p.Document)],
            };
        }
    }

    // Of two policies the one that was given later is told.
    private void TellSharedHosts(int index)
    {
        var policy = Policies[index].Set.Policy;
        for (var i = 0; i < policy.Hosts.Count; i++)
        {
            var host = policy.Hosts[i];
            var other = Policies.Take(index).Select(p => p.Set.Policy).FirstOrDefault(p =>
                p.Name.Namespace == policy.Name.Namespace && p.Name != policy.Name && p.Hosts.Contains(host));
            if (other is not null)
            {
                Problems.Add(Place.In(Policies[index].Document, Neighbours.SharedHost(host, i, other.Name.Name)));
            }
        }
    }

    private void TellRepeated()
    {
        var seen = new Dictionary<(string?, string?, string?), Document>();
        foreach (var document in _documents.Where(d => IsOurs(d) && d.Name is not null))
        {
            var key = (document.Kind, document.Namespace, document.Name);
            if (!seen.TryAdd(key, document))
            {
                Problems.Add(Place.In(document, Diagnostic.Error("name/duplicate", "metadata.name",
                    $"{document.Kind} `{document.Name}` is given twice, first at {Place.Of(seen[key], "metadata.name")}", "remove one of them")));
            }
        }
    }

    private T? Told<T>(Document document, ReadResult<T> read)
        where T : class
    {
        Problems.AddRange(read.Diagnostics.Items.Select(d => Place.In(document, d)));
        return read.Value;
    }

    private static Diagnostic UnknownKind(string? kind) => kind is null
        ? Diagnostic.Error("kind/missing", "kind", "the document does not say its `kind`",
            "begin it with `apiVersion` and `kind`")
        : Diagnostic.Error("kind/unknown", "kind", $"there is no kind `{kind}` in `{ApiGroup.Name}`",
            Suggestion.For(kind,
                [CachePolicy.KubeKind, Entities.PersonalRoutes.KubeKind, CacheReview.KubeKind,
                CacheInvalidation.KubeKind]));

    private static bool IsOurs(Document document) =>
        document.ApiVersion?.StartsWith($"{ApiGroup.Name}/", StringComparison.Ordinal) == true
        || document.Kind is null or CachePolicy.KubeKind or Entities.PersonalRoutes.KubeKind or CacheReview.KubeKind or CacheIncident.KubeKind
            or CacheInvalidation.KubeKind;
}
