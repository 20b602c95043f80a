using CachePolicyOperator.Core.Routes.Automata;
using CachePolicyOperator.Core.Routes.Regex;

namespace CachePolicyOperator.Core.Routes;

/// <summary>
/// The request targets that every cache and every origin we know read alike. Only these are ever looked up: the
/// renderer writes this one definition into the VCL, from where the explainer reads it, and the verifier computes with
/// it.
/// </summary>
/// <remarks>
/// A canonical target is <c>/</c>, or segments that are not empty and do not end in a dot or a space, with an optional
/// slash at the end; then optionally one <c>?</c> and a query. Its bytes are letters, digits and <c>-._~@:+,=/</c>, in
/// the query also <c>&amp;</c>; a space and characters beyond ASCII are percent-encoded in upper case and are
/// well-formed UTF-8, except those that some origins turn into ASCII punctuation (overlong forms, full-width forms,
/// U+2000 to U+2FFF, U+3000 to U+303F, and everything from U+F000 on).
/// </remarks>
public static class CanonicalTarget
{
    /// <summary>
    /// A canonical target matches this, as a pattern of VCL's <c>~</c> on the whole target. The repeats give nothing
    /// back: no shorter match could succeed, and trying them would meet Varnish's match limit at 5,000 bytes.
    /// </summary>
    public const string Shape = @"^/[A-Za-z0-9/._~@:+,=%-]*+(?:\?[A-Za-z0-9/._~@:+,=%&-]*+)?\z";

    /// <summary>
    /// A canonical target does not match this. Two patterns and not one: neither contains a group under a repeat, which
    /// would cost PCRE2 stack for each byte, and long targets would run into Varnish's limits.
    /// </summary>
    public const string Trap =
        @"//|(?:\.|%20)(?:[/?]|\z)"
        + @"|%(?!20|[89AB][0-9A-F]|C[2-9A-F]|D[0-9A-F]|E[013-9A-E])"
        + @"|%[CD][0-9A-F](?!%[89AB][0-9A-F])"
        + @"|%E[0-9A-F](?!%[89AB][0-9A-F]%[89AB][0-9A-F])"
        + @"|%E0%[89]|%ED%[AB]|%E3%80"
        + @"|(?<!%[CDE][0-9A-F])(?<!%E[0-9A-F]%[89AB][0-9A-F])%[89AB][0-9A-F]";

    private static readonly Lazy<Language> WholeTarget = new(() => Build(withQuery: true));

    private static readonly Lazy<Language> PathOnly = new(() => Build(withQuery: false));

    private static readonly Lazy<Language> RoughPath = new(() => Build(withQuery: false, roughly: true));

    private static readonly Lazy<Language> AnyQuery = new(() => Path.Then(
        Language.Literal("?").Then(Language.All, Budget.ForProof()).Optional(Budget.ForProof()), Budget.ForProof()));

    /// <summary>Every canonical target.</summary>
    internal static Language Language => WholeTarget.Value;

    /// <summary>Every canonical target without a query.</summary>
    internal static Language Path => PathOnly.Value;

    /// <summary>
    /// Every target with a canonical path, whatever its query: no origin takes a query for a part of the path.
    /// </summary>
    internal static Language OfAnyQuery => AnyQuery.Value;

    /// <summary>
    /// A language that includes <see cref="Path"/> and needs fewer states: encoded bytes are not checked to make up
    /// characters.
    /// </summary>
    internal static Language PathRoughly => RoughPath.Value;

    public static bool Accepts(ReadOnlySpan<byte> target) => Language.Accepts(target);

    /// <summary>
    /// What <see cref="Shape"/> and <see cref="Trap"/> together let through, computed from their text.
    /// </summary>
    internal static Language OfPatterns(Budget budget) =>
        RegexLanguage.Of(Shape, budget).May.Except(RegexLanguage.Of(Trap, budget).Must, budget);

    private static Language Build(bool withQuery, bool roughly = false)
    {
        var budget = Budget.ForProof();
        var plain = ByteSet.Letters | ByteSet.Digits | ByteSet.Of("-_~@:+,=");
        var encoded = roughly
            ? EncodedRoughly(budget)
            : Encoded(budget);
        var weak = Language.Literal(".").Union(Language.Literal("%20"), budget);
        var slash = Language.Literal("/");
        var character = Language.OneOf(plain).Union(encoded, budget);
        var segment = weak.Star(budget).Then(character, budget).Plus(budget);
        var path = Language.Concat(
            [slash, Language.Concat([segment, slash.Then(segment, budget).Star(budget), slash.Optional(budget)], budget)
                .Optional(budget)],
            budget);
        if (!withQuery)
        {
            return path;
        }

        // The patterns look at the whole target, so what a slash may not follow in the path, it may not in the query.
        var letter = Language.OneOf(plain | ByteSet.Of('&')).Union(encoded, budget);
        var part = weak.Star(budget).Then(letter, budget).Plus(budget);
        var query = Language.Concat(
            [part.Optional(budget), slash.Then(part, budget).Star(budget), slash.Optional(budget)], budget);
        return path.Then(Language.Literal("?").Then(query, budget).Optional(budget), budget);
    }

    /// <summary>Percent-encoded characters beyond ASCII.</summary>
    private static Language Encoded(Budget budget)
    {
        Language Sequence(params Language[] bytes) => Language.Concat(bytes, budget);

        var follow = Bytes(0x80, 0xbf, budget);
        return Language.Union(
        [
            Sequence(Bytes(0xc2, 0xdf, budget), follow),
            Sequence(Bytes(0xe0, 0xe0, budget), Bytes(0xa0, 0xbf, budget), follow),
            Sequence(Bytes(0xe1, 0xe1, budget), follow, follow),
            Sequence(Bytes(0xe3, 0xe3, budget), Bytes(0x81, 0xbf, budget), follow),
            Sequence(Bytes(0xe4, 0xec, budget), follow, follow),
            Sequence(Bytes(0xed, 0xed, budget), Bytes(0x80, 0x9f, budget), follow),
            Sequence(Bytes(0xee, 0xee, budget), follow, follow),
        ],
        budget);
    }

    private static Language EncodedRoughly(Budget budget) => Language.Union(
        [
            Bytes(0x80, 0xbf, budget), Bytes(0xc2, 0xdf, budget), Bytes(0xe1, 0xe1, budget), Bytes(0xe3, 0xee, budget),
            Bytes(0xe0, 0xe0, budget).Then(Bytes(0xa0, 0xbf, budget), budget),
        ],
        budget);

    private static Language Bytes(byte first, byte last, Budget budget) =>
        Language.Union(Enumerable.Range(first, last - first + 1).Select(b => Language.Literal($"%{b:X2}")), budget);
}
