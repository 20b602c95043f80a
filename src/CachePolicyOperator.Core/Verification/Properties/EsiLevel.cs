using System.Text.RegularExpressions;
using CachePolicyOperator.Core.Verification.State;

namespace CachePolicyOperator.Core.Verification.Properties;

/// <summary>What a path knows of <c>req.esi_level</c>.</summary>
internal static partial class EsiLevel
{
    /// <summary>
    /// Whether the path is taken by fragments alone: an answer on it is not the one that a page at level 0 gets.
    /// </summary>
    public static bool IsFragment(SymbolicState state) => state.Assumed.Any(a =>
        AskedLevel().Match(a.Key.Name) is { Success: true } asked
        && a.Value != HoldsForPages(asked.Groups["operator"].Value, int.Parse(asked.Groups["level"].Value)));

    private static bool HoldsForPages(string comparison, int level) => comparison switch
    {
        ">" => level < 0,
        ">=" => level <= 0,
        "<" => level > 0,
        "<=" => level >= 0,
        "==" => level == 0,
        _ => level != 0,
    };

    [GeneratedRegex(@"\A\s*req\.esi_level\s*(?<operator>[!=<>]=|[<>])\s*(?<level>[0-9])\s*\z", RegexOptions.IgnoreCase)]
    private static partial Regex AskedLevel();
}
