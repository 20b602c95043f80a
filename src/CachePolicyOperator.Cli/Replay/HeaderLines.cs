using CachePolicyOperator.Core;
using CachePolicyOperator.Core.Diagnostics;

namespace CachePolicyOperator.Cli.Replay;

/// <summary>Reads header lines of HTTP/1.</summary>
internal static class HeaderLines
{
    public static EquatableList<HeaderField> Parse(IEnumerable<string> lines) =>
        (from line in lines
         let colon = line.IndexOf(':')
         where colon > 0
         select new HeaderField(line[..colon], line[(colon + 1)..].Trim())).ToEquatableList();
}
