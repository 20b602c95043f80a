using CachePolicyOperator.Core.Model;
using CachePolicyOperator.Core.Routes;
using CachePolicyOperator.Core.Vcl.Render;

namespace CachePolicyOperator.Core.Tests.Vcl.Render;

/// <summary>
/// Reads a policy from a few lines: <c>host</c>, <c>profile</c>, <c>personal FORM PATH</c>, <c>identity KIND NAME</c>,
/// and <c>rule NAME [FORM PATH] [ext a,b] [ttl T | origin] [max T] [grace T] [query a,b] [header a,b] [pass]
/// [upgrade]</c>. Other than a policy, a rule here has nothing of the query in its key (<c>query *</c>: all, <c>query
/// -a,b*</c>: all but these) and ignores identity cookies (<c>persons</c>: it passes them). A choice is
/// <c>choose=HEADER=a,b=OTHERWISE</c> or <c>cookie=NAME=a,b=OTHERWISE</c>, classes of devices
/// <c>device=a~PATTERN,b~PATTERN=OTHERWISE</c>, a lifetime also <c>min T</c>, <c>default T</c>, <c>sick T</c>, <c>keep
/// T</c> and <c>status=404=T</c>, a bypass <c>bypass-cookie a,b~VALUE</c>, and so with <c>header</c> and <c>query</c>.
/// An answer is <c>answer 301 [to LOCATION] [kept] [body TEXT] [type T] [again T]</c>, with its text percent-encoded.
/// What is changed of responses is <c>set=NAME=TEXT</c>, <c>unset a,b</c> and <c>cors a,b</c> (<c>with-cookies</c>,
/// <c>may-ask A,b</c>), <c>browsers=NoStore</c>, of all of them on a line <c>response</c>; text is packed with
/// <c>compress</c>, pages are put together with <c>esi</c>. How the origin is asked is a line <c>origin [connect T]
/// [first T] [between T] [most N] [probe PATH every T] [standby NAME] [retries N]</c>, and of another origin <c>named
/// NAME PORT [host H] [profile P] [covered] [rewrite FROM TO] …</c>, which a rule asks with <c>at NAME</c>. What else a
/// match asks for is <c>hosts a,b</c>, <c>methods A,B</c>, and <c>with-cookie a,b~VALUE</c>, and so with <c>header</c>
/// and <c>query</c>.
/// </summary>
internal static class PolicyText
{
    /// <summary>A policy that says nothing but its host.</summary>
    public static PolicySet Plain { get; } = Parse("host example.com");

    public static PolicySet Parse(string text)
    {
        var lines = text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)).ToArray();
        var personal = Of("personal")
            .Select((w, i) => new PersonalRoute(Pattern(w[1], w[2]), $"spec.personal.routes[{i}]"));
        var identity = new IdentityCarriers(Identity("cookie"), Identity("header"), Identity("query"));
        var response = Of("response").Select(Edits).SingleOrDefault(ResponseEdits.None);
        var policy = new Policy(
            new ResourceName("web", "storefront"),
            Of("host").Select(w => new HostName(w[1])).ToEquatableList(),
            new Origin("storefront", 8080,
                Of("profile").SelectMany(w => w[1..]).DefaultIfEmpty("strict").ToEquatableList())
            {
                Connection = Of("origin").Select(Connection).SingleOrDefault(OriginConnection.Default),
                Probe = Of("origin").Select(Probe).SingleOrDefault(),
                Standby = Of("origin").Select(Standby).SingleOrDefault(),
                Retries = Of("origin").Select(Retries).SingleOrDefault(),
            },
            new AdoptedWorkload("Deployment", "storefront-cache"),
            [new ServiceEntrypoint("storefront-entry", 80)],
            new PersonalData(personal.ToEquatableList(), identity),
            Of("rule").Select((w, i) => Rule(w, $"spec.rules[{i}]"))
                .Select(r => r with { Response = r.Response.Over(response) }).ToEquatableList(),
            Vcl: null,
            RolloutSettings.Default,
            GuardSettings.Default,
            FallbackSettings.Default,
            ReviewSettings.Default)
        {
            Response = response,
            Origins = Of("named").Select(Named).ToEquatableList(),
        };
        return PolicySet.Bind(policy, []);

        IEnumerable<string[]> Of(string keyword) => lines.Where(w => w[0] == keyword);

        EquatableList<string> Identity(string kind) =>
            Of("identity").Where(w => w[1] == kind).Select(w => w[2]).ToEquatableList();
    }

    /// <summary>What the text is rendered for; every named origin is at that address, too.</summary>
    public static RenderTarget Target(PolicySet policies, int port, string host = "127.0.0.1") =>
        new(host, port, PlayedEngine.Version.ToString())
        {
            Connection = policies.Policy.Origin.Connection,
            Origins = policies.Policy.Origins.Items.Select(o => new NamedAddress(o.Name, host, o.Origin.Port))
                .ToEquatableList(),
        };

    private static Rule Rule(string[] words, string path)
    {
        var forms = new[] { "path", "prefix", "template", "regex" };
        var form = Array.FindIndex(words, w => forms.Contains(w));
        var match = new RouteMatch(form < 0 ? null : Pattern(words[form], words[form + 1]), List("ext"))
        {
            Request = new RequestConditions(
                List("hosts").Items.Select(h => new HostName(h)).ToEquatableList(), List("methods"),
                Brought("with-cookie"), Brought("with-header"), Brought("with-query")),
        };
        var caching = words.Contains("pass") || words.Contains("answer")
            ? null
            : new Caching(
                words.Contains("origin") ? null : Time("ttl"),
                Time("max"),
                Time("grace") ?? (words.Contains("origin") ? null : Duration.Zero),
                new CacheKey(Query(List("query")), List("header")) { Choices = [.. Choices()] })
            {
                MinTtl = Time("min"),
                DefaultTtl = Time("default"),
                Keep = Time("keep") ?? Duration.Zero,
                SickGrace = Time("sick"),
                StatusTtls = [.. Statuses()],
                Identity = words.Contains("persons") ? IdentityTreatment.Pass : IdentityTreatment.Ignore,
                Compress = words.Contains("compress"),
                Fragments = words.Contains("esi"),
                Bypass = new Bypass(Brought("bypass-cookie"), Brought("bypass-header"), Brought("bypass-query")),
            };
        var answer = Value("answer") is { } status
            ? new Answer(int.Parse(status), "As it is", Value("to"), words.Contains("kept"))
            {
                Body = Uri.UnescapeDataString(Value("body") ?? ""),
                ContentType = Value("type"),
                RetryAfter = Time("again"),
            }
            : null;
        return new Rule(words[1], match, caching, path)
        {
            Answer = answer,
            Response = Edits(words),
            Origin = Value("at"),
            Upgrades = words.Contains("upgrade")
        };

        string? Value(string keyword) =>
            Array.IndexOf(words, keyword, 2) is > 0 and var at ? words[at + 1] : null;

        EquatableList<BroughtValue> Brought(string keyword) => List(keyword).Items
            .Select(brought => brought.Split('~', 2) is [var name, var value] ? new BroughtValue(name, value)
                : new BroughtValue(brought, null))
            .ToEquatableList();

        IEnumerable<KeyChoice> Choices() =>
            from word in words
            let parts = word.Split('=')
            where parts is ["choose" or "cookie", _, _, _] or ["device", _, _]
            select parts[0] == "device"
                ? Devices(parts[1].Split(',').Select(device => device.Split('~')).ToArray(), parts[2]) : new KeyChoice(
                parts[0] == "choose" ? ChoiceOf.Header : ChoiceOf.Cookie, parts[1],
                    parts[2].Split(',').ToEquatableList(), parts[3]);

        static KeyChoice Devices(string[][] classes, string otherwise) =>
            new(ChoiceOf.Device, "user-agent", classes.Select(c => c[0]).ToEquatableList(), otherwise)
            {
                Patterns = classes.Select(c => c[1]).ToEquatableList(),
            };

        IEnumerable<StatusTtl> Statuses() =>
            from word in words
            let parts = word.Split('=')
            where parts is [['s', 't', 'a', 't', 'u', 's'], _, _]
            select new StatusTtl(int.Parse(parts[1]), Parsed(parts[2]));

        EquatableList<string> List(string keyword) => (Value(keyword)?.Split(',') ?? []).ToEquatableList();

        Duration? Time(string keyword) => Value(keyword) is { } value ? Parsed(value) : null;

        static Duration Parsed(string value) => Duration.TryParse(value, out var duration)
            ? duration
            : throw new FormatException($"`{value}` is no duration");
    }

    private static NamedOrigin Named(string[] words)
    {
        var profile = Array.IndexOf(words, "profile") is > 0 and var at ? words[at + 1] : "strict";
        var origin = new Origin(words[1], int.Parse(words[2]), [profile])
        {
            Connection = Connection(words),
            Probe = Probe(words),
            Standby = Standby(words),
            Retries = Retries(words)
        };
        return new NamedOrigin(words[1], origin, words.Contains("covered"))
        {
            Host = Array.IndexOf(words, "host") is > 0 and var host ? new HostName(words[host + 1]) : null,
            Rewrite = Array.IndexOf(words, "rewrite") is > 0 and var from
                ? new PathRewrite(words[from + 1], words[from + 2]) : null,
        };
    }

    private static OriginConnection Connection(string[] words)
    {
        var standard = OriginConnection.Default;
        return new OriginConnection(
            Time(words, "connect") ?? standard.ConnectTimeout, Time(words, "first") ?? standard.FirstByteTimeout,
            Time(words, "between") ?? standard.BetweenBytesTimeout,
            Array.IndexOf(words, "most") is > 0 and var at ? int.Parse(words[at + 1]) : null);
    }

    private static OriginProbe? Probe(string[] words) => Array.IndexOf(words, "probe") is > 0 and var at
        ? new OriginProbe(words[at + 1], Time(words, "every")!.Value, Duration.FromSeconds(1), 2, 1, 200)
        : null;

    private static string? Standby(string[] words) =>
        Array.IndexOf(words, "standby") is > 0 and var at ? words[at + 1] : null;

    private static int Retries(string[] words) =>
        Array.IndexOf(words, "retries") is > 0 and var at ? int.Parse(words[at + 1]) : 0;

    private static Duration? Time(string[] words, string keyword) =>
        Array.IndexOf(words, keyword) is > 0 and var at && Duration.TryParse(words[at + 1], out var time) ? time : null;

    private static ResponseEdits Edits(string[] words)
    {
        var set = from word in words
                  let parts = word.Split('=', 3)
                  where parts is ["set", _, _]
                  select new ResponseField(parts[1], Uri.UnescapeDataString(parts[2]));
        return new ResponseEdits([.. set], List("unset"))
        {
            Cors = List("cors") is { Count: > 0 } origins
                ? new Cors(origins, List("may-ask"), List("may-ask"), List("may-ask"), words.Contains("with-cookies"),
                    Duration.FromSeconds(600))
                : null,
            Browsers = words.FirstOrDefault(w => w.StartsWith("browsers=", StringComparison.Ordinal)) is { } browsers
                ? Enum.Parse<BrowserCaching>(browsers.Split('=')[1])
                : null,
        };

        EquatableList<string> List(string keyword) =>
            Array.IndexOf(words, keyword) is > 0 and var at ? words[at + 1].Split(',').ToEquatableList() : [];
    }

    private static QueryKey Query(EquatableList<string> names) =>
        names.Items is [['-', ..] first, .. var rest] ? QueryKey.Except([first[1..], .. rest])
        : names.Items is ["*"] ? QueryKey.Whole
        : QueryKey.Only(names);

    private static RoutePattern Pattern(string form, string path) => form switch
    {
        "path" => new ExactPath(path),
        "prefix" => new PathPrefix(path),
        "template" => new PathTemplate(path),
        "regex" => new PathRegex(path),
        _ => throw new FormatException($"`{form}` is no form of a route"),
    };
}
