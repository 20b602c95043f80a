using System.Text;
using CachePolicyOperator.Oracle.Fuzz;
using CachePolicyOperator.Oracle.Real;

namespace CachePolicyOperator.Oracle.Shrink;

/// <summary>
/// A case in a file: what it is about, the VCL, the requests with their answers, and what varnishd did with them.
/// </summary>
internal static class GoldenCase
{
    private const string Line = "----------\n";

    public static string Write(string about, Case played, string did)
    {
        var text = new StringBuilder($"{about}\n{Line}{played.Vcl.TrimEnd()}\n{Line}");
        foreach (var exchange in played.Exchanges)
        {
            text.Append($"> {Escape($"{exchange.Method} {exchange.Target} {exchange.Protocol}")}\n");
            Append(text, '>', exchange.Headers);
            text.Append(exchange.Answer.Aborts ? "< aborts\n"
                : $"< {exchange.Answer.Status} {Escape(exchange.Answer.Body)}\n");
            Append(text, '<', exchange.Answer.Headers);
        }

        return text.Append(Line).Append(did.TrimEnd()).Append('\n').ToString();
    }

    public static (string About, Case Case, string Did) Read(string text)
    {
        var parts = text.Split(Line);
        var exchanges = new List<Exchange>();
        foreach (var line in parts[2].Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            var said = Unescape(line[2..]);
            var isAnswer = line[0] == '<';
            var last = exchanges.Count > 0 ? exchanges[^1] : null;
            if (isAnswer && last!.Answer.Status == 0)
            {
                var status = said.Split(' ', 2);
                var answer = said == "aborts" ? new OriginAnswer(500, new([]), "", Aborts: true)
                    : new OriginAnswer(int.Parse(status[0]), new([]), status[1]);
                exchanges[^1] = last with { Answer = answer };
            }
            else if (!isAnswer && (last is null || last.Answer.Status != 0))
            {
                var words = said.Split(' ');
                exchanges.Add(
                    new Exchange(words[0], string.Join(' ', words[1..^1]), words[^1], new([]),
                    new OriginAnswer(0, new([]), "")));
            }
            else
            {
                var colon = said.IndexOf(": ", StringComparison.Ordinal);
                var header = new HeaderLine(said[..colon], said[(colon + 2)..]);
                exchanges[^1] = isAnswer
                    ? last! with
                    {
                        Answer =
                        last.Answer with { Headers = new(last.Answer.Headers.Lines.Append(header)) }
                    }
                    : last! with { Headers = new(last.Headers.Lines.Append(header)) };
            }
        }

        return (parts[0].TrimEnd(), new Case(parts[1], exchanges), parts[3]);
    }

    /// <summary>What varnishd did with each request, one line a step; equal for every run of a case.</summary>
    public static string Tell(Happenings happenings)
    {
        var text = new StringBuilder();
        foreach (var happening in happenings.All)
        {
            text.Append($"{happening.Exchange}{(happening.IsFragment ? ", a fragment" : "")}:\n");
            foreach (var round in happening.Rounds)
            {
                var lookup = round.Log.HitObject is not null ? "hit" : round.Log.First(LogTag.HitMiss) is not null
                    ? "hit-for-miss"
                    : round.Log.First(LogTag.HitPass) is not null ? "hit-for-pass" : round.Log.Called("MISS") ? "miss"
                        : "no lookup";
                var key = string.Join(", ", round.Log.HashRecords.Select(h => $"\"{h}\""));
                text.Append($"  {round.Log.ReturnOf("RECV") ?? "refused"}, {lookup}, key {Escape(key)}\n");
                foreach (var (log, seen) in round.Fetches.SelectMany(f => f.Tries))
                {
                    var stored = log.Last(LogTag.TTL)?.EndsWith(" cacheable", StringComparison.Ordinal) == true
                        && log.ReturnOf("BACKEND_RESPONSE") == "deliver" && log.Delivers;
                    var fields = seen?.Lines.Where(
                        l => l.Name is not (
                        "x-varnish" or "x-vinyl" or "via" or "x-oracle" or "accept-encoding" or "connection"))
                        .Select(l => $" | {l.Name}: {l.Value}") ?? [];
                    text.Append(
                        $"    origin saw {Escape(seen is null ? "nothing" : seen.First + string.Concat(fields))}\n");
                    text.Append($"    {(log.Reason is "pass" ? "passed" : stored ? "shared" : "not shared")}\n");
                }
            }
        }

        return text.ToString();
    }

    private static void Append(StringBuilder text, char side, EquatableHeaders headers)
    {
        foreach (var line in headers.Lines)
        {
            text.Append($"{side} {Escape($"{line.Name}: {line.Value}")}\n");
        }
    }

    private static string Escape(string latin1) =>
        string.Concat(latin1.Select(c => c is >= ' ' and < '\x7f' and not '\\' ? c.ToString() : $"\\x{(int)c:x2}"));

    private static string Unescape(string text) => System.Text.RegularExpressions.Regex.Replace(
        text, "\\\\x([0-9a-f]{2})", m => ((char)Convert.ToByte(m.Groups[1].Value, 16)).ToString());
}
