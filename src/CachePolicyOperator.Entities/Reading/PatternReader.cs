using CachePolicyOperator.Core.Routes;
using CachePolicyOperator.Entities.Documents;

namespace CachePolicyOperator.Entities.Reading;

/// <summary>Reads the forms in which a set of paths is written: <c>path</c>, <c>pathPrefix</c>, <c>template</c>, <c>regex</c>.</summary>
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

        var problem = form switch
        {
            "regex" => RegexProblem(text),
            "template" => PathProblem(text) ?? TemplateProblem(text),
            _ => PathProblem(text),
        };
        if (problem is { } p)
        {
            reader.Findings.Error(p.Code, reader.At(form), p.Message, p.Help);
            return null;
        }

        return form switch
        {
            "path" => new ExactPath(text),
            // As Ingress and Gateway API have it: a slash at the end of a prefix says nothing.
            "pathPrefix" => new PathPrefix(text.Length > 1 ? text.TrimEnd('/') : text),
            "template" => new PathTemplate(text),
            _ => new PathRegex(text),
        };
    }

    private static (string Code, string Message, string Help)? RegexProblem(string text) => null;

    private static (string Code, string Message, string Help)? PathProblem(string text)
    {
        var shown = Quoted.Text(text);
        if (text[0] != '/')
        {
            return ("path/invalid", $"{shown} does not begin with `/`", text.Contains("://", StringComparison.Ordinal)
                ? "leave out scheme and host: hosts are listed in `hosts`"
                : $"write {Quoted.Text("/" + text)}");
        }

        if (text.AsSpan().ContainsAny('?', '#'))
        {
            return ("path/invalid", $"{shown} has a query or a fragment", "leave it out: a path says nothing of the query string");
        }

        if (text.Contains('%', StringComparison.Ordinal))
        {
            return ("path/invalid", $"{shown} is percent-encoded", "write the character itself: paths are compared as the origin decodes them");
        }

        if (text.Any(char.IsControl) || text.Any(char.IsWhiteSpace))
        {
            return ("path/invalid", $"{shown} has a space or a control character", "remove it");
        }

        if (text.Contains("//", StringComparison.Ordinal) || text.Split('/').Any(s => s is "." or ".."))
        {
            return ("path/invalid", $"{shown} has an empty segment or a dot segment", "write the path as the origin resolves it");
        }

        return null;
    }

    private static (string Code, string Message, string Help)? TemplateProblem(string text)
    {
        foreach (var segment in text.Split('/').Skip(1))
        {
            var isParameter = segment is ['{', .., '}'] && segment.Length > 2 && !segment.AsSpan(1, segment.Length - 2).ContainsAny('{', '}');
            if (!isParameter && segment.AsSpan().ContainsAny('{', '}'))
            {
                return ("template/invalid", $"segment {Quoted.Text(segment)} of {Quoted.Text(text)} is no parameter",
                    "a parameter is a whole segment: `/users/{id}/orders`; for part of a segment use `regex`");
            }
        }

        return null;
    }
}
