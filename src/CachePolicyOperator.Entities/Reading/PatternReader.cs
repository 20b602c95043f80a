using CachePolicyOperator.Core.Diagnostics;
using CachePolicyOperator.Core.Routes;
using CachePolicyOperator.Entities.Documents;

namespace CachePolicyOperator.Entities.Reading;

/// <summary>
/// Reads the forms in which a set of paths is written: <c>path</c>, <c>pathPrefix</c>, <c>template</c>, <c>regex</c>.
/// </summary>
internal static class PatternReader
{
    public static readonly string[] Forms = ["path", "pathPrefix", "template", "regex"];

    private const int LongestPath = 2048;
    private const int LongestRegex = 4096;

    /// <summary>The pattern of one of the forms; null where it is wrong.</summary>
    public static RoutePattern? Read(FieldReader reader, string form)
    {
        if (reader.Text(form, form == "regex" ? LongestRegex : LongestPath) is not { } text)
        {
            return null;
        }

        RoutePattern pattern = form switch
        {
            "path" => new ExactPath(text),
            // As Ingress and Gateway API have it: a slash at the end of a prefix says nothing.
            "pathPrefix" => new PathPrefix(text.Length > 1 ? text.TrimEnd('/') : text),
            "template" => new PathTemplate(text),
            _ => new PathRegex(text),
        };
        var at = reader.At(form);
        var problems = form != "regex" && PathProblem(form, text, at) is { } problem
            ? [problem]
            : RoutePatternCheck.Check(pattern, at);
        foreach (var found in problems)
        {
            reader.Findings.Add(found);
        }

        if (problems.Count > 0)
        {
            return null;
        }

        if (LookAlikes.InPath(text, at) is { } odd)
        {
            reader.Findings.Add(odd);
        }

        return pattern;
    }

    // What RoutePatternCheck cannot know: what was probably meant, and that a path which no origin resolves to protects
    // nothing.
    private static Diagnostic? PathProblem(string form, string text, string path)
    {
        var shown = Quoted.Text(text);
        if (text[0] != '/')
        {
            return Diagnostic.Error("route/not-a-path", path, $"{shown} does not begin with `/`",
                text.Contains("://", StringComparison.Ordinal)
                ? "leave out scheme and host: hosts are listed in `hosts`"
                : $"write {Quoted.Text("/" + text)}");
        }

        return text.Contains("//", StringComparison.Ordinal) || text.Split('/').Any(s => s is "." or "..")
            ? Diagnostic.Error("route/not-canonical", path, $"{shown} has an empty segment or a dot segment",
                "write the path as the origin resolves it")
            : LiteralPath.Check(form, text, path);
    }
}
