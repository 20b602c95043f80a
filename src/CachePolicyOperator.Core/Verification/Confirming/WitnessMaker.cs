using System.Collections.Immutable;
using System.Text;
using CachePolicyOperator.Core.Diagnostics;
using CachePolicyOperator.Core.HeaderFields;
using CachePolicyOperator.Core.Model;
using CachePolicyOperator.Core.Routes;
using CachePolicyOperator.Core.Routes.Automata;
using CachePolicyOperator.Core.Verification.Program;
using CachePolicyOperator.Core.Verification.State;
using CachePolicyOperator.Core.Verification.Values;

namespace CachePolicyOperator.Core.Verification.Confirming;

/// <summary>Makes a concrete request of what is known on a path.</summary>
internal sealed class WitnessMaker(Solver solver, IdentityCarriers identity, LineSeparators separators)
{
    private static readonly string[] Methods = ["GET", "HEAD", "POST"];

    private static readonly Language OneParameter =
        CanonicalTarget.Language.Intersect(Language.OneOf(~ByteSet.Of('&')).Star(Budget.ForPattern()),
            Budget.ForPattern());

    private static readonly Language Rooted = Language.Literal("/").Then(Language.All, Budget.ForPattern());

    /// <summary>Requests that take the path, the most natural first.</summary>
    public IEnumerable<Witness> Of(SymbolicState state)
    {
        var methods = solver.Of(state, Input.Method);
        var method = Methods.FirstOrDefault(methods.Accepts)
            ?? (methods.Samples(1, Language.All, solver.Budget) is [var word, ..] ? Encoding.Latin1.GetString(word)
                : string.Empty);
        var targets = solver.Of(state, Input.Url);
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
        (from known in state.PathCondition
         where known.Key is { IsOfAnswer: true, IsOfField: true, IsFound: false }
             && known.Value is { MayBeAbsent: false, MayBePresent: true }
         let field = known.Key.Variable
         select new HeaderField(field.FieldTitle, ValueOf(field, known.Value))).DistinctBy(f => f.Name);

    /// <summary>The inputs of exactly this request, as facts.</summary>
    public static ImmutableDictionary<Input, InputFacts> FactsOf(Witness witness, LineSeparators separators)
    {
        var facts = ImmutableDictionary.CreateBuilder<Input, InputFacts>();
        facts[Input.Method] = Exactly(witness.Method);
        facts[Input.Url] = Exactly(Unescape(witness.Target));
        foreach (var lines in witness.Headers.Items.GroupBy(h => Input.OfClientField(h.Name.ToLowerInvariant())))
        {
            facts[lines.Key] = Exactly(lines.First().Value) with { MayRepeat = lines.Count() > 1 };
            facts[lines.Key.AllLines] = Exactly(string.Join(
                separators.Of(lines.Key.FieldName!) ?? string.Empty, lines.Select(l => l.Value)));
        }

        return facts.ToImmutable();
    }

    private static InputFacts Exactly(string latin1) => new(false, Language.Literal(latin1), false);

    // VCL reads the first line of a field; the second one is what an attacker, or a careless proxy, puts behind it.
    private IEnumerable<HeaderField> Fields(SymbolicState state, bool repeated = false)
    {
        foreach (var (input, facts) in state.PathCondition)
        {
            if (input is not { IsOfClientField: true, IsFound: false } || facts.MayBeAbsent)
            {
                continue;
            }

            var field = input.Variable;
            if (state.PathCondition.GetValueOrDefault(field.AllLines) is { MayBeAbsent: false } together)
            {
                foreach (var line in input.Kind == InputKind.AllLines
                    ? Lines(field, solver.Of(state, field), together) : [])
                {
                    yield return new HeaderField(field.FieldTitle, line);
                }

                continue;
            }

            yield return new HeaderField(field.FieldTitle, ValueOf(field, facts));
            if (repeated && facts.MayRepeat)
            {
                yield return new HeaderField(field.FieldTitle, ValueOf(field, solver.Of(field)));
            }
        }
    }

    // Of a field whose lines the VCL joins: one line, or two where what is known of the first is not true of both.
    private string[] Lines(Input field, InputFacts first, InputFacts together)
    {
        var one = NaturalInRequest(field.FieldName!).Where(together.Accepts).Concat(Texts(together, first.Value))
            .FirstOrDefault(first.Accepts);
        return one is not null ? [one]
            : (from line in Texts(first, Language.All)
               let begun = line + separators.Of(field.FieldName!)
               let both = Texts(together,
                   Language.Literal(begun).Then(Language.All, solver.Budget)).FirstOrDefault()
               where first.MayRepeat && both is not null
               select new[] { line, both[begun.Length..] }).FirstOrDefault()
                ?? [ValueOf(field, first), ValueOf(field, together)];
    }

    private IEnumerable<string> Texts(InputFacts facts, Language within) =>
        facts.Samples(3, within, solver.Budget).OrderByDescending(v => v.Length).Select(Encoding.Latin1.GetString);

    private string ValueOf(Input field, InputFacts values)
    {
        var natural = field.IsOfClient ? NaturalInRequest(field.FieldName!) : NaturalInAnswer(field.FieldName!);
        return natural.FirstOrDefault(values.Accepts)
            ?? Encoding.Latin1.GetString(values.Samples(2, Language.All, solver.Budget).OrderByDescending(v => v.Length)
                .FirstOrDefault() ?? []);
    }

    private string[] NaturalInRequest(string field) => [ExampleValues.InRequest(field, identity.ExampleCookie()), "1"];

    private string[] NaturalInAnswer(string field) => field switch
    {
        ResponseFields.SetCookie => [$"{identity.ExampleCookie()}=1; Path=/"],
        ResponseFields.CacheControl =>
            ["private", "private, max-age=600", "no-store", "public, max-age=600", "must-revalidate",
                "max-age=600, must-revalidate"],
        ResponseFields.Vary => ["Cookie", "*", "Authorization", "*, Accept-Encoding"],
        "content-type" => ["text/html; charset=utf-8"],
        _ when ResponseFields.TargetedAtCaches.Contains(field, StringComparer.OrdinalIgnoreCase) =>
            ["max-age=600", "no-store", "private"],
        _ => ["1"],
    };

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
