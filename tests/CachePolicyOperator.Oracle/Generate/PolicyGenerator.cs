using System.Text.Json.Nodes;

namespace CachePolicyOperator.Oracle.Generate;

/// <summary>
/// Writes policies out of every construct that a policy has. Most are sound; now and then one says what no policy may,
/// and is to be held with a diagnostic.
/// </summary>
internal sealed partial class PolicyGenerator(Dice dice)
{
    /// <summary>The hosts of twins; at others nothing is asked twice.</summary>
    public static readonly IReadOnlyList<string> TwinHosts = ["a.twin.example", "b.twin.example"];

    private const int MostRules = 7;
    private const string Default = "shop";
    private const int SloppyEach = 4;
    private const int MistakeEach = 3;

    private static readonly string[] Profiles =
    [
        "strict", "go", "go", "php", "nginx", "apache", "rails", "django", "express", "nextjs", "spring6", "tomcat",
            "wordpress",
        "drupal7", "symfony", "aspnetcore",
    ];

    private static readonly JsonObject[] Rewrites =
    [
        .. new[] { ("/news", "/"), ("/a", "/mypage"), ("/", "/site"), ("/static", "/en/static"), ("/de", "/"),
            ("/x", "/y") }
            .Select(r => Map(("prefix", r.Item1), ("with", r.Item2))),
    ];

    private readonly List<string> _origins = [];
    private readonly HashSet<string> _probed = [];
    private bool _isSloppy;
    private string? _standby;

    /// <summary>A policy as JSON, as <c>kubectl</c> sends it.</summary>
    public JsonObject Next()
    {
        _origins.Clear();
        _probed.Clear();
        _isSloppy = dice.OneIn(SloppyEach);
        // Rules name origins, and pass what is personal.
        var origins = Origins();
        var personal = PersonalRoutes();
        return Map(
            ("apiVersion", "cachepolicy.dev/v1alpha1"),
            ("kind", "CachePolicy"),
            ("metadata", Map(("name", "fuzz"), ("namespace", "web"))),
            ("spec", Map(
                ("hosts", List(["www.example.com", .. dice.OneIn(2) ? ["h"] : Array.Empty<string>(), .. TwinHosts])),
                ("origin", Origin(Default, dice.OneIn(2) ? _standby : null)),
                ("origins", origins),
                ("cache", Map(("managed", Map(("replicas", 2), ("storage", "64Mi"))))),
                ("entrypoints", new JsonArray(Map(("service", Map(("name", "entry"), ("port", 80)))))),
                ("personal", Map(("routes", personal), ("identity", Identity()))),
                ("response", dice.OneIn(3) ? Response() : null),
                ("rules", Rules(personal)))));
    }

    // The first one has no host of its own, so that it may stand in for the default one.
    private JsonArray? Origins()
    {
        _standby = null;
        var origins = new JsonArray();
        for (var number = dice.Below(4); number > 1; number--)
        {
            var name = $"origin-{number}";
            var origin = Origin(name, null);
            origin["name"] = name;
            origin["coveredByDefault"] = dice.OneIn(2);
            if (_standby is not null && dice.OneIn(2))
            {
                origin["host"] = dice.Of("inner.example.com", "www.example.com");
            }

            // Who stands in for another is asked for the same path.
            if (_standby is not null && dice.OneIn(2))
            {
                origin["rewrite"] = dice.Of(Rewrites).DeepClone();
            }

            _standby ??= name;
            _origins.Add(name);
            origins.Add(origin);
        }

        return origins.Count == 0 ? null : origins;
    }

    private JsonObject Origin(string service, string? standby)
    {
        var isProbed = standby is not null || dice.OneIn(3);
        if (isProbed)
        {
            _probed.Add(service);
        }

        return Map(
            ("service", Map(("name", service), ("port", 8080))),
            ("profile", dice.OneIn(12) ? List([dice.Of("nginx", "apache"), dice.Of(Profiles)]) : dice.Of(Profiles)),
            ("firstByteTimeout", dice.OneIn(4) ? "20s" : null),
            ("maxConnections", dice.OneIn(6) ? 200 : null),
            ("probe", isProbed ? Map(("path", "/healthz"), ("interval", "30s")) : null),
            ("standby", standby),
            ("retries", dice.OneIn(4) ? dice.Of(1, 4) : null));
    }

    private JsonArray PersonalRoutes()
    {
        var routes = new JsonArray(Map(("pathPrefix", "/mypage")));
        foreach (var (form, path) in new[]
        {
            ("pathPrefix", "/account"), ("path", "/me"), ("template", "/users/{id}/orders"),
                ("regex", "^/fund/[0-9]+/buy$"),
        })
        {
            if (dice.OneIn(3))
            {
                routes.Add(Map((form, path)));
            }
        }

        return routes;
    }

    private JsonObject? Identity() => dice.OneIn(10) ? null : Map(
        ("cookies", dice.OneIn(8) ? null : List(dice.OneIn(4) ? ["session", "sess_*"] : ["session"])),
        ("headers", dice.OneIn(2) ? List(["X-Api-Key"]) : null),
        ("query", dice.OneIn(4) ? List(["access_token"]) : null));

    private JsonArray Rules(JsonArray personal)
    {
        var rules = new JsonArray();
        if (!dice.OneIn(4))
        {
            rules.Add(Map(("name", "own"), ("match", Map(("paths", personal.DeepClone())))));
        }

        for (var number = 1 + dice.Below(MostRules); number > 0; number--)
        {
            rules.Add(Rule($"rule-{number}"));
        }

        return rules;
    }

    private bool IsMistaken() => _isSloppy && dice.OneIn(MistakeEach);

    // Fields without a value are left out.
    private static JsonObject Map(params IEnumerable<(string Name, JsonNode? Value)> fields) => new(
        fields.Where(f => f.Value is not null).Select(f => KeyValuePair.Create(f.Name, f.Value)));

    private static JsonArray List(IEnumerable<string> texts) => new([.. texts.Select(t => (JsonNode)t)]);

    // Some of them, at least one, in their order.
    private T[] Some<T>(params IReadOnlyList<T> of) =>
        of.Where(_ => dice.OneIn(2)).ToArray() is { Length: > 0 } some ? some : [dice.Of(of)];
}
