namespace CachePolicyOperator.Cli.Output;

/// <summary>What each property says, in one sentence, for lists of rules.</summary>
internal static class Rules
{
    private static readonly Dictionary<string, string> Sentences = new(StringComparer.Ordinal)
    {
        ["personal/anonymous"] =
            "no personal request that says nothing of who asks reaches a lookup, and no response to one is stored",
        ["personal/cacheable"] = "no personal request reaches a lookup, and no response to one is stored",
        ["identity/unkeyed"] = "what says who asks is removed before the origin sees it, or is in the cache key",
        ["key/unkeyed-input"] = "every other input that the origin sees is in the cache key",
        ["url/ambiguous"] = "a target that cache and origin may read differently is not looked up",
        ["response/stored-private"] = "no response that the origin marks as private is stored",
        ["response/invented-ttl"] = "no freshness that neither the origin nor an explicit rule gave",
        ["response/not-uncacheable"] =
            "what must not be cached is passed or marked uncacheable, not given a lifetime of zero",
        ["response/status"] = "only responses of listed statuses are stored",
        ["response/type"] = "a rule for an extension stores only its own content types",
        ["esi/personal"] = "fragments with identity pass, and nothing personal is in a parent",
        ["policy/default-cache"] = "what no rule names is passed",
        ["change/newly-cacheable"] = "a change makes nothing cacheable that was not",
        ["vcl/not-understood"] = "every statement on the way to the cache is understood",
        ["vcl/too-complex"] = "the VCL can be decided within the bounds of a proof",
        ["vcl/not-text"] = "the VCL is UTF-8 text",
        ["input/unreadable"] = "every input can be read",
    };

    /// <summary>The sentence; null for codes that need none.</summary>
    public static string? Describe(string code) => Sentences.GetValueOrDefault(code);
}
