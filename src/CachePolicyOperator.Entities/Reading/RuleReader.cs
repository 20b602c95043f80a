using CachePolicyOperator.Core;
using CachePolicyOperator.Core.Diagnostics;
using CachePolicyOperator.Core.Model;
using CachePolicyOperator.Entities.Documents;

namespace CachePolicyOperator.Entities.Reading;

/// <summary>Reads <c>spec.rules</c>.</summary>
internal static class RuleReader
{
    private const int MostRules = 10_000;
    private const string FromOrigin = "FromOrigin";
    private const string WebSocket = "WebSocket";

    // As varnishd's own: an origin that says how long can say as well that nothing has changed.
    private static readonly Duration KeepOfOrigin = Duration.FromSeconds(10);

    public static EquatableList<Rule> Read(
        FieldReader spec, EquatableList<HostName> hosts, NamedOriginReader origins, ResponseEdits ofAll)
    {
        var rules = new List<Rule>();
        var names = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (node, path) in spec.Each("rules", MostRules))
        {
            var rule = FieldReader.Of<RuleSpec>(node, path, spec.Findings);
            var name = Name(rule, names);
            var matches = MatchReader.Read(rule, hosts);
            var caching = rule.Has("cache") ? Caching(rule.Map<CachingSpec>("cache")) : null;
            var answer = AnswerReader.Read(rule.Map<SyntheticSpec>("synthetic"));
            if (rule.Has("cache") && rule.Has("synthetic"))
            {
                rule.Findings.Error("field/conflict", rule.At("synthetic"), "the rule caches and answers by itself",
                    "give `cache` or `synthetic`");
            }

            var response = ResponseReader.Read(rule.Map<ResponseSpec>("response")).Over(ofAll);
            if (response.Cors is not null
                && caching?.Key.Headers.Items.Concat(caching.Key.Choices.Items.Select(c => c.Name))
                .Contains("origin") is true)
            {
                rule.Findings.Error("field/conflict", rule.At("cache.key.headers"),
                    "`Origin` is in the key, and `cors` answers each site by itself",
                    "take `Origin` from the key: one copy is for all sites; or take `cors` away");
            }

            var origin = origins.Named(rule);
            var upgrades = rule.Choice("upgrade", WebSocket) is not null;
            if (upgrades && rule.Given("cache", "synthetic") is [var other, ..])
            {
                rule.Findings.Error("field/conflict", rule.At("upgrade"),
                    $"the rule has `{other}`, and what a web socket says nobody stores or answers",
                    $"take away `{other}`, or put a rule for the web socket's path before it");
            }

            if (name is not null)
            {
                rules.AddRange(matches.Items.Select(match => new Rule(name, match, caching, path)
                {
                    Answer = answer,
                    Response = response,
                    Origin = origin,
                    Upgrades = upgrades,
                }));
            }
        }

        if (rules.Count > MostRules)
        {
            spec.Findings.Error("field/too-many", spec.At("rules"),
                $"the rules have {rules.Count:N0} sets of paths; at most {MostRules:N0} are read",
                "describe several by one pattern");
        }

        return rules.ToEquatableList();
    }

    private static string? Name(FieldReader rule, Dictionary<string, string> names)
    {
        if (rule.RequiredText("name", "name the rule: `Cache-Status` and reports tell of it by name") is not { } name)
        {
            return null;
        }

        if (!Names.IsRuleName(name))
        {
            rule.Findings.Error("name/invalid", rule.At("name"), $"{Quoted.Text(name)} is no name of a rule",
                "use letters, digits, `-`, `_` and `.`, at most 63 of them");
            return null;
        }

        if (!names.TryAdd(name, rule.Path))
        {
            rule.Findings.Error("name/duplicate", rule.At("name"),
                $"two rules are named {Quoted.Text(name)}, the first is {names[name]}", "rename one of them");
        }

        return name;
    }

    private static Caching? Caching(FieldReader cache)
    {
        if (cache.IsGiven && !cache.Has("ttl"))
        {
            cache.Missing("ttl",
                "say how long a response is fresh: `ttl: 10m`, or `ttl: FromOrigin` for what the origin says");
        }

        var fromOrigin = cache.Is("ttl", FromOrigin);
        var ttl = fromOrigin ? null : Ttl(cache);
        var maxTtl = cache.Time("maxTtl");
        var sickGrace = cache.Time("graceIfSick");
        var grace = cache.Time("grace") ?? (fromOrigin && sickGrace is null ? null : Duration.Zero);
        if (sickGrace is { } sick && sick <= grace)
        {
            cache.Findings.Error("field/conflict", cache.At("graceIfSick"), "`graceIfSick` is not longer than `grace`",
                "make it longer, or remove it");
        }

        var key = KeyReader.Read(cache.Map<KeySpec>("key"));
        var bypass = BypassReader.Read(cache.Map<BypassSpec>("bypass"));
        var identity = cache.Choice("identity", nameof(IdentityTreatment.Pass), nameof(IdentityTreatment.Ignore));
        var (minTtl, defaultTtl) = (cache.Time("minTtl"), cache.Time("defaultTtl"));
        foreach (var field in cache.Given("maxTtl", "minTtl", "defaultTtl"))
        {
            if (cache.Has("ttl") && !fromOrigin)
            {
                cache.Findings.Error("field/conflict", cache.At(field),
                    $"`{field}` is about what the origin says, but `ttl` is fixed",
                    $"write `ttl: FromOrigin`, or remove `{field}`");
            }
        }

        if (minTtl is { } least && least > (maxTtl ?? Duration.FromSeconds(86_400)))
        {
            cache.Findings.Error("field/conflict", cache.At("minTtl"),
                $"`minTtl` is above {(maxTtl is null ? "one day, which `maxTtl` is unless told" : "`maxTtl`")}",
                "make it at most `maxTtl`");
        }

        if (defaultTtl == Duration.Zero || minTtl == Duration.Zero)
        {
            cache.Findings.Error("field/range", cache.At(defaultTtl == Duration.Zero ? "defaultTtl" : "minTtl"),
                "nothing is stored for no time", "remove it");
        }

        // A fixed lifetime of zero is the user's word for "pass"; an object that is stored and at once stale is never
        // meant.
        return ttl == Duration.Zero ? null : new Caching(ttl, maxTtl, grace, key)
        {
            MinTtl = minTtl,
            DefaultTtl = defaultTtl,
            SickGrace = sickGrace,
            StatusTtls = StatusTtls(cache),
            Keep = cache.Time("keep") ?? (fromOrigin ? KeepOfOrigin : Duration.Zero),
            Identity = identity == nameof(IdentityTreatment.Ignore) ? IdentityTreatment.Ignore : IdentityTreatment.Pass,
            Bypass = bypass,
            Compress = cache.Flag("compress") is true,
            Fragments = cache.Flag("esi") is true,
        };
    }

    private static EquatableList<StatusTtl> StatusTtls(FieldReader cache)
    {
        var statuses = new List<StatusTtl>();
        foreach (var (node, path) in cache.Each("statusTtls", StatusTtl.Storable.Count))
        {
            var reader = FieldReader.Of<StatusTtlSpec>(node, path, cache.Findings);
            var (status, ttl) = (reader.Whole("status", 100, 599), reader.Time("ttl"));
            foreach (var field in reader.IsGiven ? ["status", "ttl"] : Array.Empty<string>())
            {
                if (!reader.Has(field))
                {
                    reader.Missing(field, "write for example `{status: 404, ttl: 10s}`");
                }
            }

            if (status is not { } number || ttl is not { } time)
            {
                continue;
            }

            if (!StatusTtl.Storable.Contains(number))
            {
                reader.Findings.Error("status/unsafe", reader.At("status"),
                    $"an answer with status {number} is never stored",
                    $"use one of {string.Join(", ", StatusTtl.Storable.Items)}: others may be one client's alone");
            }
            else if (statuses.Any(s => s.Status == number))
            {
                reader.Findings.Error("name/duplicate", reader.At("status"), $"status {number} is listed twice",
                    "remove one of them");
            }
            else
            {
                statuses.Add(new StatusTtl(number, time));
            }
        }

        return statuses.OrderBy(s => s.Status).ToEquatableList();
    }

    private static Duration? Ttl(FieldReader cache)
    {
        if (cache.TextIfAny("ttl") is { } text && Suggestion.Nearest(text, [FromOrigin]) is not null)
        {
            cache.Findings.Error("duration/invalid", cache.At("ttl"), $"ttl {Quoted.Text(text)} is no duration",
                $"did you mean `{FromOrigin}`?");
            return null;
        }

        return cache.Time("ttl");
    }
}
