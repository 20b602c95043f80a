using CachePolicyOperator.Core.Diagnostics;
using CachePolicyOperator.Entities.Documents;

namespace CachePolicyOperator.Cli.Inputs;

/// <summary>
/// Gives diagnostics of an object their place in the file that it was read from: <c>policy.yaml:12: spec.rules[1]</c>.
/// </summary>
internal static class Place
{
    public static Diagnostic In(Document document, Diagnostic diagnostic) =>
        At(document, diagnostic, diagnostic.Path);

    /// <summary>
    /// As <see cref="In(Document, Diagnostic)"/>, where the path may also be one of what binds the policy.
    /// </summary>
    public static Diagnostic In(InputPolicy policy, Diagnostic diagnostic)
    {
        foreach (var document in policy.Personal)
        {
            var start = $"{Entities.PersonalRoutes.KubePluralName}/{document.Name}: ";
            if (diagnostic.Path.StartsWith(start, StringComparison.Ordinal))
            {
                return At(document, diagnostic, diagnostic.Path[start.Length..]);
            }
        }

        return In(policy.Document, diagnostic);
    }

    private static Diagnostic At(Document document, Diagnostic diagnostic, string path) =>
        diagnostic with
        {
            Path = Of(document, path),
            Place = new SourcePlace(document.File ?? "", document.LineOf(path), 1, 0),
        };

    public static string Of(Document document, string path) => $"{document.File}:{document.LineOf(path)}: {path}";
}
