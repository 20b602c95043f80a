using System.Text;
using CachePolicyOperator.Core.Diagnostics;
using CachePolicyOperator.Core.Routes;
using CachePolicyOperator.Entities.Documents;

namespace CachePolicyOperator.Entities.OpenApi;

/// <summary>
/// The operations of an OpenAPI description (3.x, or Swagger 2.0) that ask who asks. Read from the tree as it was
/// written, so that nothing that a stricter reader would drop is lost: what is not understood is an error, and what
/// cannot be said exactly (part of a segment, a free server variable) is widened to a whole segment.
/// </summary>
internal static class OpenApiRoutes
{
    // All other fields of a path item are operations, whatever their method.
    private static readonly HashSet<string> NoOperations = ["summary", "description", "servers", "parameters", "$ref"];

    /// <summary>More are refused, here and where routes are written by hand.</summary>
    public const int Most = 10_000;

    /// <summary>
    /// One template an operation and base path; every problem is a diagnostic at <paramref name="path"/>.
    /// </summary>
    /// <param name="file">What the text is called in diagnostics.</param>
    public static IReadOnlyCollection<PathTemplate> Read(string text, string file, string path, Findings findings)
    {
        var documents = YamlDocuments.Read(Encoding.UTF8.GetBytes(text), file);
        foreach (var problem in documents.Diagnostics.Items)
        {
            findings.Error(problem.Code, path, $"in {Quoted.Text(problem.Path)}: {problem.Message}", problem.Help);
        }

        if (documents.Diagnostics.Count > 0)
        {
            return [];
        }

        if (documents.Documents is not [{ Root.Kind: NodeKind.Map } description])
        {
            findings.Error("openapi/invalid", path, $"{Quoted.Text(file)} holds no single OpenAPI description",
                "put one description in it");
            return [];
        }

        return new Reader(description.Root, file, path, findings).Routes();
    }

    private sealed class Reader(DocumentNode root, string file, string path, Findings findings)
    {
        private readonly HashSet<PathTemplate> _routes = [];
        private bool _anyOperation;
        private bool _anyProblem;

        public HashSet<PathTemplate> Routes()
        {
            var version = (root.Find("openapi") ?? root.Find("swagger"))?.Text ?? "";
            if (!(version.StartsWith("3.", StringComparison.Ordinal) || version == "2.0"))
            {
                Problem("openapi/version", root, "it does not say `openapi: 3.…` or `swagger: \"2.0\"`",
                    "name the version that it is written in");
                return [];
            }

            foreach (var item in Fields(root.Find("paths")))
            {
                if (item.Name.StartsWith('/'))
                {
                    PathItem(item.Name, Followed(item.Value));
                }
                else if (!IsExtension(item.Name))
                {
                    Problem("openapi/invalid", item.Value, $"path {Quoted.Text(item.Name)} does not begin with `/`",
                        "mend the path");
                }
            }

            if (_routes.Count == 0 && !_anyProblem)
            {
                findings.Add(Diagnostic.Warning("openapi/nothing-secured", path,
                    _anyOperation
                        ? $"no operation of {Quoted.Text(file)} has a security requirement"
                        : $"{Quoted.Text(file)} has no operation",
                    "declare `security` in it, or name the personal routes here"));
            }

            return _routes;
        }

        private void PathItem(string template, DocumentNode? item)
        {
            foreach (var field in Fields(item).Where(f => !NoOperations.Contains(f.Name) && !IsExtension(f.Name)))
            {
                foreach (var operation in field.Name == "additionalOperations" ? Fields(field.Value) : [field])
                {
                    _anyOperation = true;
                    if (IsSecured(operation.Value))
                    {
                        Add(template, operation.Value.Find("servers") ?? item!.Find("servers") ?? root.Find("servers"));
                    }
                }
            }
        }

        /// <summary>
        /// Whether any alternative of the requirement names a scheme: an optional login still makes personal pages.
        /// </summary>
        private bool IsSecured(DocumentNode operation)
        {
            if (operation.Kind != NodeKind.Map)
            {
                Problem("openapi/invalid", operation, "an operation is no map", "mend it");
                return false;
            }

            var security = operation.Find("security") ?? root.Find("security");
            if (security is null or { Kind: NodeKind.List, Items.Count: 0 })
            {
                return false;
            }

            if (security.Kind != NodeKind.List || security.Items.Any(i => i.Kind != NodeKind.Map))
            {
                Problem("openapi/invalid", security, "`security` is no list of requirements",
                    "write `security: []` for an operation that asks nobody");
                return false;
            }

            return security.Items.Any(i => i.Fields.Count > 0);
        }

        private void Add(string template, DocumentNode? servers)
        {
            var bases = root.Find("basePath") is { Kind: NodeKind.Text } basePath && root.Find("swagger") is not null
                ? [basePath.Text]
                : ServerPaths.Of(servers);
            foreach (var start in bases)
            {
                _routes.Add(new PathTemplate(OpenApiTemplate.Normalise(start, template)));
                if (_routes.Count > Most)
                {
                    throw new OpenApiTooLargeException();
                }
            }
        }

        private DocumentNode? Followed(DocumentNode item)
        {
            for (var steps = 0; item.Find("$ref") is { Kind: NodeKind.Text } reference; steps++)
            {
                var target = root;
                string[] pointer = reference.Text.StartsWith("#/", StringComparison.Ordinal)
                    ? reference.Text[2..].Split('/')
                    : ["\0"];
                foreach (var step in pointer)
                {
                    target = target?.Find(step.Replace("~1", "/", StringComparison.Ordinal)
                        .Replace("~0", "~", StringComparison.Ordinal));
                }

                if (target is null || steps > 10)
                {
                    Problem("openapi/reference", reference,
                        $"the path item {Quoted.Text(reference.Text)} is not in this text",
                        "bundle the description into one file (`redocly bundle`, `swagger-cli bundle`)");
                    return null;
                }

                item = target;
            }

            return item;
        }

        private IReadOnlyList<DocumentField> Fields(DocumentNode? node)
        {
            if (node is not null && node.Kind != NodeKind.Map)
            {
                Problem("openapi/invalid", node, "a map of fields is expected here", "mend it");
            }

            return node?.Fields ?? [];
        }

        private static bool IsExtension(string name) => name.StartsWith("x-", StringComparison.Ordinal);

        private void Problem(string code, DocumentNode where, string message, string help)
        {
            _anyProblem = true;
            findings.Error(code, path, $"in {Quoted.Text(SourceText.At(file, where.Line))}: {message}", help);
        }
    }
}
