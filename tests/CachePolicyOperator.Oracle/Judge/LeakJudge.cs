using System.Text;
using System.Text.RegularExpressions;
using CachePolicyOperator.Core.Verification;
using CachePolicyOperator.Oracle.Real;

namespace CachePolicyOperator.Oracle.Judge;

/// <summary>
/// What leaked, told by varnishd's log and by what the origin saw, without any model of the VCL. Of what is proven,
/// nothing may.
/// </summary>
internal sealed class LeakJudge(VclQuestion question)
{
    private readonly HashSet<string> _carriers = [
        .. question.Identity.Headers.Items, "cookie", "authorization", "proxy-authorization"];

    public IReadOnlyList<Disagreement> LeaksOf(Happenings happenings) =>
    [
        .. happenings.All.Where(h => h.Exchange is not null)
            .SelectMany(h => h.Rounds.SelectMany(r => LeaksOf(r, h.Rounds[0].Log.First(LogTag.ReqURL)))
            .Select(leak => new Disagreement("proven", h.Exchange!.Value, leak))),
    ];

    private IEnumerable<string> LeaksOf(Round round, string? target)
    {
        if (target is null || round.Log.ReturnOf("RECV") != "hash" || round.Log.ReturnOf("HASH") != "lookup")
        {
            yield break;
        }

        if (IsPersonal(target))
        {
            yield return $"the personal target `{target}` is looked up";
        }

        foreach (var (log, seen) in round.Fetches.Where(f => f.Reason != "pass").SelectMany(f => f.Tries))
        {
            if (seen is not null && log.ReturnOf("BACKEND_RESPONSE") == "deliver"
                && log.Last(LogTag.TTL)?.EndsWith(" cacheable", StringComparison.Ordinal) == true)
            {
                foreach (var leak in LeaksOf(round, log, seen))
                {
                    yield return leak;
                }
            }
        }
    }

    private IEnumerable<string> LeaksOf(Round round, Transaction log, HttpHead seen)
    {
        if (IsPersonal(
            seen.First[(seen.First.IndexOf(' ', StringComparison.Ordinal) + 1)..seen.First.LastIndexOf(' ')]))
        {
            yield return $"the answer to `{seen.First}` is stored";
        }

        foreach (var (name, value) in seen.Lines.Where(l => _carriers.Contains(l.Name)))
        {
            // A field is read without the blanks around it, which the key may have.
            // Of cookies, only the declared ones say who asks. Many an origin takes the blanks off a name.
            if (!round.Log.HashRecords.Any(record => record.Trim(' ', '\t') == value)
                && (name != "cookie"
                    || question.Identity.Cookies.Items.Any(c => Regex.IsMatch(value, Regex.Escape(c) + "[ \t]*="))))
            {
                yield return $"the answer to `{name}: {value}` is stored";
            }
        }

        if (log.All(LogTag.BerespHeader)
            .Any(l => l.StartsWith("Set-Cookie:", StringComparison.OrdinalIgnoreCase)
            && !l.EndsWith(": ", StringComparison.Ordinal)
            && !l.EndsWith(':')))
        {
            yield return "an answer with `Set-Cookie` is stored";
        }
    }

    private bool IsPersonal(string target) => question.Personal.Matches(Encoding.Latin1.GetBytes(target));
}
