using CachePolicyOperator.Core.Model;

namespace CachePolicyOperator.Core.Vcl.Render;

/// <summary>The condition that a request is one that some of the rules match.</summary>
internal static class MatchTest
{
    /// <param name="message"><c>req</c>, or <c>bereq</c> for what was sent to the origin.</param>
    public static string Of(IEnumerable<Rule> rules, string message)
    {
        var path = $"{message}.http.{InternalHeaders.Path}";
        string[] alternatives =
        [
            .. from rule in rules
               group rule by rule.Match.Request into alike
               let conditions = RequestTest.Of(alike.Key, message).ToArray()
               from paths in conditions.Length == 0 ? PathTest.Of(alike, path) : [Joined(PathTest.Of(alike, path))]
               select string.Join(" && ", [paths, .. conditions]),
        ];
        return Joined(alternatives, isOuter: true);
    }

    private static string Joined(IEnumerable<string> alternatives, bool isOuter = false) =>
        alternatives.ToArray() switch
        {
            [var only] => isOuter || !only.Contains(" || ") ? only : $"({only})",
            var several when isOuter => string.Join(" || ", several.Select(a => a.Contains(" && ") ? $"({a})" : a)),
            var several => $"({string.Join(" || ", several.Select(a => a.Contains(" && ") ? $"({a})" : a))})",
        };
}
