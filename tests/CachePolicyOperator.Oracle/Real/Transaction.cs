namespace CachePolicyOperator.Oracle.Real;

/// <summary>
/// One transaction of varnishd's log: a client's request, one of its restarts, a sub-request, or a fetch.
/// </summary>
internal sealed class Transaction(uint number, string begin)
{
    private readonly string[] _begin = begin.Split(' ');

    public uint Number => number;

    /// <summary><c>sess</c>, <c>req</c> or <c>bereq</c>.</summary>
    public string Kind => _begin[0];

    public uint Parent => uint.Parse(_begin[1]);

    /// <summary>
    /// Why it began: <c>rxreq</c>, <c>restart</c>, <c>esi</c>; <c>fetch</c>, <c>bgfetch</c>, <c>pass</c>, <c>retry</c>.
    /// </summary>
    public string Reason => _begin[2];

    public List<LogRecord> Records { get; } = [];

    /// <summary>Numbers of the transactions that this one began.</summary>
    public IEnumerable<(string Kind, uint Number, string Reason)> Links => All(LogTag.Link)
        .Select(l => l.Split(' ')).Select(l => (l[0], uint.Parse(l[1]), l[2]));

    /// <summary>The action with which the first run of a subroutine ended; null where it did not run.</summary>
    public string? ReturnOf(string method)
    {
        var call = Records.FindIndex(r => r is { Tag: LogTag.VCL_call } && r.Text == method);
        var back = call < 0 ? -1 : Records.FindIndex(call, r => r.Tag == LogTag.VCL_return);
        return back < 0 ? null : Records[back].Text;
    }

    /// <summary>
    /// Whether the answer, or the page that varnishd made in its place, was handed on. ESI of a partial response fails
    /// after that.
    /// </summary>
    public bool Delivers => ReturnOf(Called("BACKEND_ERROR") ? "BACKEND_ERROR" : "BACKEND_RESPONSE") == "deliver";

    public bool Called(string method) => Records.Contains(new LogRecord(LogTag.VCL_call, method));

    public string? First(LogTag tag) => Records.FirstOrDefault(r => r.Tag == tag).Text;

    public string? Last(LogTag tag) => Records.LastOrDefault(r => r.Tag == tag).Text;

    /// <summary>The last record of a kind before a subroutine began.</summary>
    public string? LastBefore(string method, LogTag tag) =>
        Records.TakeWhile(r => r.Tag != LogTag.VCL_call || r.Text != method).LastOrDefault(r => r.Tag == tag).Text;

    public IEnumerable<string> All(LogTag tag) => Records.Where(r => r.Tag == tag).Select(r => r.Text);

    /// <summary>The strands that were hashed. A strand that is null leaves none.</summary>
    public IReadOnlyList<string> HashRecords => [.. All(LogTag.Hash).Select(h => h.TrimEnd('\0'))];

    /// <summary>The number of the object that was served; null where none was.</summary>
    public uint? HitObject => First(LogTag.Hit) is { } hit ? uint.Parse(hit.Split(' ')[0]) : null;

    /// <summary>Header lines as the subroutine found them when it began.</summary>
    public IReadOnlyList<(string Name, string Value)> HeadersBefore(string method, LogTag set, LogTag unset)
    {
        var lines = new List<(string Name, string Value)>();
        // Of an absolute target, varnishd logs the new Host before it logs the request as it then is.
        var first = set == LogTag.ReqHeader ? Math.Max(0, Records.FindIndex(r => r.Tag == LogTag.ReqMethod)) : 0;
        foreach (var record in Records.Skip(first).TakeWhile(r => r.Tag != LogTag.VCL_call || r.Text != method))
        {
            if (record.Tag == set)
            {
                lines.Add(Split(record.Text));
            }
            else if (record.Tag == unset)
            {
                // Lines that varnishd joined without saying so go together.
                var gone = Split(record.Text);
                if (!lines.Remove(gone))
                {
                    lines.RemoveAll(l => l.Name == gone.Name);
                }
            }
        }

        return lines;
    }

    public override string ToString() =>
        $"{Kind} {number} {Reason}\n" + string.Join('\n', Records.Select(r => $"  {r.Tag,-15} {r.Text}"));

    private static (string Name, string Value) Split(string line)
    {
        var colon = line.IndexOf(':', StringComparison.Ordinal);
        return colon < 0 ? (line.ToLowerInvariant(), string.Empty)
            : (line[..colon].ToLowerInvariant(), line[(colon + 1)..].Trim(' ', '\t'));
    }
}
