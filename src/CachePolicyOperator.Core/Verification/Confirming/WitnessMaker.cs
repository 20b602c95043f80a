using System.Collections.Immutable;
using System.Text;
using CachePolicyOperator.Core.Diagnostics;
using CachePolicyOperator.Core.HeaderFields;
using CachePolicyOperator.Core.Model;
using CachePolicyOperator.Core.Routes;
using CachePolicyOperator.Core.Routes.Automata;
using CachePolicyOperator.Core.Verification.State;
using CachePolicyOperator.Core.Verification.Values;

namespace CachePolicyOperator.Core.Verification.Confirming;

/// <summary>Makes a concrete request of what is known on a path.</summary>
internal sealed class WitnessMaker(Solver solver, IdentityCarriers identity)
{
    private static readonly string[] Methods = ["GET", "HEAD", "POST"];

    private static readonly Language OneParameter =
        CanonicalTarget.Language.Intersect(Language.OneOf(~ByteSet.Of('&')).Star(Budget.ForPattern()),
            Budget.ForPattern());

    private static readonly Language Rooted = Language.Literal("/").Then(Language.All, Budget.ForPattern());

    /// <summary>Requests that take the path, the most natural first.</summary>
    public IEnumerable<Witness> Of(SymbolicState state)
    {
        var methods = solver.Of(state, "req.method");
        var method = Methods.FirstOrDefault(methods.Accepts)
            ?? (methods.Samples(1, Language.All, solver.Budget) is [var word, ..] ? Encoding.Latin1.GetString(word)
                : string.Empty);
        var targets = solver.Of(state, "req.url");
        // Rewrites of a query that are not followed exactly do nothing to these.
        var plain = new[] { CanonicalTarget.Path, OneParameter }
            .Select(words => targets.Samples(1, words, solver.Budget)).FirstOrDefault(s => s.Count > 0) ?? [];
        var canonical = targets.Samples(2, CanonicalTarget.Language, solver.Budget);
        var rooted = targets.Samples(3, Rooted, solver.Budget);
        foreach (var target in plain.Concat(canonical).Concat(rooted)
            .Concat(targets.Samples(3, Language.All, solver.Budget)).Take(6))
        {
            yield return new Witness(method, Escape(target), Fields(state).ToEquatableList());
            if (Fields(state, repeated: true).ToEquatableList() is var twice && twice.Count > Fields(state).Count())
            {
                yield return new Witness(method, Escape(target), twice);
            }
        }
    }

    /// <summary>The header fields that an answer of the origin must have to take the path.</summary>
    public IEnumerable<HeaderField> ResponseOf(SymbolicState state) =>
        (from known in state.PathCondition.OrderBy(k => k.Key, StringComparer.Ordinal)
         where known.Key.StartsWith("beresp.http.", StringComparison.Ordinal) && !InputNames.IsFound(known.Key)
             && known.Value is { MayBeAbsent: false, MayBePresent: true }
         let field = InputNames.FieldOf(known.Key)
         select new HeaderField(InputNames.HeaderOf(field), ValueOf(field, known.Value))).DistinctBy(f => f.Name);

    /// <summary>Whether an ordinary host takes the path.</summary>
    public bool IsNatural(SymbolicState state) =>
        solver.Of(state, "req.http.host").Reading(solver.Budget).Accepts("www.example.com");

    /// <summary>The inputs of exactly this request, as facts.</summary>
    public static ImmutableDictionary<string, InputFacts> FactsOf(Witness witness)
    {
        var facts = ImmutableDictionary.CreateBuilder<string, InputFacts>();
        facts["req.method"] = Exactly(witness.Method);
        facts["req.url"] = Exactly(Unescape(witness.Target));
        foreach (var lines in witness.Headers.Items.GroupBy(h => $"req.http.{h.Name.ToLowerInvariant()}"))
        {
            facts[lines.Key] = Exactly(lines.First().Value) with { MayRepeat = lines.Count() > 1 };
            facts[lines.Key + InputNames.Collected] = Exactly(string.Join("; ", lines.Select(l => l.Value)));
        }

        return facts.ToImmutable();
    }

    private static InputFacts Exactly(string latin1) => new(false, Language.Literal(latin1), false);

    // VCL reads the first line of a field; the second one is what an attacker, or a careless proxy, puts behind it.
    private IEnumerable<HeaderField> Fields(SymbolicState state, bool repeated = false)
    {
        foreach (var (input, facts) in state.PathCondition.OrderBy(k => k.Key, StringComparer.Ordinal))
        {
            if (input.StartsWith("req.http.", StringComparison.Ordinal) && !InputNames.IsFound(input)
                && !facts.MayBeAbsent)
            {
                var field = InputNames.FieldOf(input);
                yield return new HeaderField(InputNames.HeaderOf(field), ValueOf(field, facts));
                if (repeated && facts.MayRepeat)
                {
                    yield return new HeaderField(InputNames.HeaderOf(field), ValueOf(field, solver.Of(field)));
                }
            }
        }
    }

    private string ValueOf(string field, InputFacts values)
    {
        var cookie = identity.Cookies.Count > 0 ? identity.Cookies[0] : "session";
        string[] natural = field switch
        {
            "req.http.cookie" => [$"{cookie}=1"],
            "req.http.authorization" => ["Bearer 1"],
            "req.http.host" => ["www.example.com"],
            "beresp.http.set-cookie" => [$"{cookie}=1; Path=/"],
            "beresp.http.cache-control" =>
                ["private", "private, max-age=600", "no-store", "public, max-age=600", "must-revalidate",
                "max-age=600, must-revalidate"],
            "beresp.http.vary" => ["Cookie", "*", "Authorization"],
            "beresp.http.content-type" => ["text/html; charset=utf-8"],
            _ when ResponseFields.TargetedAtCaches
                .Any(f => field.Equals("beresp.http." + f, StringComparison.OrdinalIgnoreCase)) =>
                ["max-age=600", "no-store", "private"],
            _ => ["1"],
        };
        return natural.FirstOrDefault(values.Accepts)
            ?? Encoding.Latin1.GetString(values.Samples(2, Language.All, solver.Budget).OrderByDescending(v => v.Length)
                .FirstOrDefault() ?? []);
    }

    private static string Escape(byte[] target)
    {
        var text = new StringBuilder();
        foreach (var value in target)
        {
            _ = value is > 0x20 and < 0x7f && value != '\\' ? text.Append((char)value) : text.Append($"\\x{value:x2}");
        }

        return text.ToString();
    }

    private static string Unescape(string target) => !target.Contains('\\', StringComparison.Ordinal)
        ? target
        : System.Text.RegularExpressions.Regex.Replace(
            target, "\\\\x([0-9a-f]{2})", m => ((char)Convert.ToByte(m.Groups[1].Value, 16)).ToString());
}
