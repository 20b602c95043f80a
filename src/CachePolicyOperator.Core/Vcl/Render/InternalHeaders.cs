namespace CachePolicyOperator.Core.Vcl.Render;

/// <summary>
/// The variables of a rendered VCL. VCL has none of its own but header fields, so these are removed from what a client
/// sends before anything reads them, and from what the origin is sent.
/// </summary>
internal static class InternalHeaders
{
    public const string Prefix = "X-CachePolicy-";

    /// <summary>The request target as it was received.</summary>
    public const string Target = Prefix + "Target";

    /// <summary>The host as it was received, with its port.</summary>
    public const string Authority = Prefix + "Authority";

    /// <summary>The path of the request target as it was received; of a fetch, of the URL that was sent.</summary>
    public const string Path = Prefix + "Path";

    /// <summary>The query as it was received, without the question mark.</summary>
    public const string Query = Prefix + "Query";

    /// <summary>The parameters of the query that are kept, in the order of the policy.</summary>
    public const string Kept = Prefix + "Kept";

    /// <summary>Which rule matches: the number of a group of rules, or <see cref="PassRule"/>.</summary>
    public const string Rule = Prefix + "Rule";

    /// <summary>Present where the target is personal.</summary>
    public const string Personal = Prefix + "Personal";

    /// <summary>Why the request is passed, as parameters of <c>Cache-Status</c>.</summary>
    public const string Why = Prefix + "Why";

    /// <summary>On a response: why it is not stored.</summary>
    public const string Refused = Prefix + "Refused";

    /// <summary>On a stored response: the host that was asked for, by which a ban finds it.</summary>
    public const string StoredHost = Prefix + "Host";

    /// <summary>On a stored response: the URL that the origin was asked for, by which a ban finds it.</summary>
    public const string StoredUrl = Prefix + "Url";

    /// <summary>On a stored response: the tags that the origin gave it, parted by commas and blanks.</summary>
    public const string Tags = Prefix + "Tags";

    /// <summary>The value of <see cref="Rule"/> where the first matching rule passes.</summary>
    public const string PassRule = "pass";

    /// <summary>How the value of <see cref="Rule"/> begins where the first matching rule answers by itself.</summary>
    public const string AnswerRule = "answer-";

    /// <summary>The value of <see cref="Rule"/> of a preflight that is answered here.</summary>
    public const string PreflightRule = "preflight";

    /// <summary>What is changed of the response: the number of edits; absent: what is changed of all.</summary>
    public const string Response = Prefix + "Response";

    /// <summary>The site whose script asks, as it was received.</summary>
    public const string Origin = Prefix + "Origin";

    /// <summary>The name of the origin that is asked; absent: the default one.</summary>
    public const string Backend = Prefix + "Backend";

    /// <summary>All that every rendered VCL has of a request.</summary>
    public static IReadOnlyList<string> Always { get; } =
        [Target, Path, Rule, Personal, Why, Authority];

    /// <summary>Present where fields of the request have been rewritten to one of a few values.</summary>
    public const string Chosen = Prefix + "Chosen";

    /// <summary>What a field was before.</summary>
    public static string Was(string field) => $"{Prefix}Was-{field}";
}
