using System.Text.RegularExpressions;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace CachePolicyOperator.Entities.Documents;

/// <summary>Decides what an unquoted YAML scalar is, as Kubernetes does (YAML 1.1: <c>yes</c> is a boolean).</summary>
internal static partial class YamlScalar
{
    private static readonly HashSet<string> True = ["y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On",
        "ON"];

    private static readonly HashSet<string> False = ["n", "N", "no", "No", "NO", "false", "False", "FALSE", "off",
        "Off", "OFF"];

    /// <summary>Null where the scalar has a tag that Kubernetes does not read.</summary>
    public static DocumentNode? Resolve(Scalar scalar, int line)
    {
        if (!scalar.Tag.IsEmpty)
        {
            return scalar.Tag.IsNonSpecific || scalar.Tag.Value == "tag:yaml.org,2002:str"
                ? new DocumentNode(NodeKind.Text, scalar.Value, line)
                : null;
        }

        var kind = scalar.Style == ScalarStyle.Plain ? KindOf(scalar.Value) : NodeKind.Text;
        return new DocumentNode(kind, scalar.Value, line);
    }

    private static NodeKind KindOf(string text) => text switch
    {
        "" or "~" or "null" or "Null" or "NULL" => NodeKind.Null,
        _ when text.Length <= 5 && (True.Contains(text) || False.Contains(text)) => NodeKind.Boolean,
        _ when text.Length <= 64 && Number().IsMatch(text) => NodeKind.Number,
        _ => NodeKind.Text,
    };

    /// <summary>The truth of a boolean as written; null where it is none.</summary>
    public static bool? TruthOf(string text) => True.Contains(text) ? true : False.Contains(text) ? false : null;

    [GeneratedRegex(
        @"^([-+]?(0b[01_]+|0x[0-9a-fA-F_]+|0o?[0-7_]+|[0-9][0-9_]*)|[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?|[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN))$", RegexOptions.NonBacktracking)]
    private static partial Regex Number();
}
