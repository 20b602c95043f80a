using System.Text;
using CachePolicyOperator.Core;
using CachePolicyOperator.Core.Diagnostics;
using CachePolicyOperator.Core.Model;
using CachePolicyOperator.Core.Routes;
using CachePolicyOperator.Entities.Documents;
using CachePolicyOperator.Entities.Reading;
using k8s;

namespace CachePolicyOperator.Entities.Tests.Reading;

public sealed class PolicyReaderTests
{
    [Fact]
    public void The_example_is_read_into_the_model()
    {
        var document = Written.Document(File.ReadAllText(Repository.Example("storefront.yaml")));

        var policy = PolicyReader.Read(document, NoConfigMaps.Instance).Value!;

        Assert.Equal(new ResourceName("web", "storefront"), policy.Name);
        Assert.Equal("www.example.com", Assert.Single(policy.Hosts.Items).Value);
        Assert.Equal(new Origin("storefront", 8080, ["strict"]), policy.Origin);
        Assert.Equal(new AdoptedWorkload("Deployment", "storefront-cache"), policy.Cache);
        Assert.Equal(new ServiceEntrypoint("storefront-entry", 80), Assert.Single(policy.Entrypoints.Items));
        Assert.Equal<EquatableList<PersonalRoute>>(
            [
                new PersonalRoute(new PathPrefix("/mypage"), "spec.personal.routes[0]"),
                new PersonalRoute(new ExactPath("/account"), "spec.personal.routes[1]"),
                new PersonalRoute(new PathTemplate("/users/{id}/orders"), "spec.personal.routes[2]"),
                new PersonalRoute(new PathRegex("^/fund/[0-9]+/purchase$"), "spec.personal.routes[3]"),
            ],
            policy.Personal.Routes);
        Assert.Equal(new IdentityCarriers(["session"], ["x-api-key"], []), policy.Personal.Identity);
        Assert.Equal(
            new Rule("assets", new RouteMatch(new PathPrefix("/static"), ["css", "js", "png"]),
                new Caching(Duration.FromSeconds(3600), null, Duration.FromSeconds(300),
                    new CacheKey(QueryKey.Only(["v"]), []))
                { Identity = IdentityTreatment.Ignore }, "spec.rules[0]"),
            policy.Rules[0]);
        Assert.Equal(
            new Rule("catalogue", new RouteMatch(new PathRegex("^/funds(/[0-9]+)?$"), []),
                new Caching(null, Duration.FromSeconds(600), null,
                    new CacheKey(QueryKey.Whole,
                    [])
                    { Choices = [new KeyChoice(ChoiceOf.Header, "accept-language", ["ja", "en"], "en")] })
                {
                    Keep =
                    Duration.FromSeconds(10)
                }, "spec.rules[1]"),
            policy.Rules[1]);
        Assert.Equal(RolloutSettings.Default, policy.Rollout);
        Assert.Equal(GuardSettings.Default, policy.Guard);
        Assert.Equal(FallbackSettings.Default, policy.Fallback);
        Assert.Equal(ReviewSettings.Default, policy.Review);
    }

    [Fact]
    public void A_file_a_webhook_and_an_entity_say_the_same()
    {
        var yaml = File.ReadAllText(Repository.Example("storefront.yaml"));
        var ofFile = PolicyReader.Read(Written.Document(yaml), NoConfigMaps.Instance);
        var entity = Written.Entity<CachePolicy>(yaml);
        var json = Encoding.UTF8.GetBytes(KubernetesJson.Serialize(entity));

        Assert.Equal(ofFile.Value, PolicyReader.Read(entity, NoConfigMaps.Instance).Value);
        Assert.Equal(ofFile.Value,
            PolicyReader.Read(JsonDocuments.Read(json).Documents[0], NoConfigMaps.Instance).Value);
    }

    [Fact]
    public void Settings_are_read()
    {
        var policy = Read("""
              origin: {service: {name: storefront, port: 8080}, profile: [nginx, php]}
              cache: {managed: {replicas: 3, image: "registry.example/varnish:7.1", storage: 1500Mi}}
              rules: []
              rollout: {canary: {pods: 2, probes: 100, probesPerSecond: 10, window: 5m}, maxSurge: 10%, warmPrevious: false}
              guard: {onLeak: Bypass, sample: 0.25}
              fallback: {mode: Manual, purge: false, origin: {maxConcurrency: 200}}
              review: {required: 1, groups: [security]}
            """);

        Assert.Equal(new Origin("storefront", 8080, ["nginx", "php"]), policy.Origin);
        Assert.Equal(new ManagedWorkload(3, "registry.example/varnish:7.1", "1500M"), policy.Cache);
        Assert.Equal(new RolloutSettings(2, 100, Duration.FromSeconds(300), 10, false) { CanaryRate = 10 },
            policy.Rollout);
        Assert.Equal(new GuardSettings(LeakResponse.Bypass, 0.25), policy.Guard);
        Assert.Equal(new FallbackSettings(false, false, 200), policy.Fallback);
        Assert.Equal(new ReviewSettings(1, ["security"], []), policy.Review);
    }

    [Theory]
    [InlineData("256Mi", "256M")]
    [InlineData("2Gi", "2048M")]
    [InlineData("1G", "976562K")]
    [InlineData("1048576", "1M")]
    public void Sizes_of_Kubernetes_become_sizes_of_Varnish(string quantity, string size) =>
        Assert.Equal(new ManagedWorkload(2, null, size),
            Read($"  cache: {{managed: {{storage: \"{quantity}\"}}}}\n  rules: []\n").Cache);

    [Fact]
    public void A_lifetime_of_zero_passes() =>
        Assert.Null(Read("  rules: [{name: a, match: {path: /a}, cache: {ttl: 0s}}]\n").Rules[0].Caching);

    [Fact]
    public void The_name_of_the_authority_among_the_certificates_of_agents_is_no_policys()
    {
        var documents = YamlDocuments.Read(Encoding.UTF8.GetBytes(
            (Written.Policy + "  rules: []\n")
                .Replace("name: storefront, namespace", "name: ca, namespace", StringComparison.Ordinal)),
                "policy.yaml").Documents;

        var read = PolicyReader.Read(documents[0], new ConfigMapsOf(documents));

        Assert.Null(read.Value);
        Assert.Equal(("name/invalid", "metadata.name"),
            Assert.Single(read.Diagnostics.Items.Select(d => (d.Code, d.Path))));
    }

    [Fact]
    public void Hand_written_VCL_is_found_in_its_ConfigMap()
    {
        var documents = YamlDocuments.Read(Encoding.UTF8.GetBytes(
            Written.Policy + """
              vcl: {configMap: {name: hand-written, key: default.vcl}}
            ---
            {apiVersion: v1, kind: ConfigMap, metadata: {name: hand-written, namespace: web}, data: {default.vcl: "vcl 4.1;"}}
            """), "policy.yaml").Documents;

        var policy = PolicyReader.Read(documents[0], new ConfigMapsOf(documents)).Value!;

        Assert.Equal(new VclSource("hand-written", "default.vcl", [new("default.vcl", "vcl 4.1;")]), policy.Vcl);
    }

    [Fact]
    public void Hand_written_VCL_may_stand_in_the_policy_itself()
    {
        var policy = Read("  vcl:\n    inline: |\n      vcl 4.1;\n");

        Assert.Equal(new VclSource(null, "spec.vcl.inline", [new("spec.vcl.inline", "vcl 4.1;\n")]), policy.Vcl);
    }

    [Theory]
    [InlineData("{inline: \"vcl 4.1;\", configMap: {name: a, key: b}}", "field/conflict", "keep the one")]
    [InlineData("{}", "field/missing", "below `inline: |`")]
    public void Hand_written_VCL_is_in_one_place(string vcl, string code, string help)
    {
        var documents =
            YamlDocuments.Read(Encoding.UTF8.GetBytes(Written.Policy + $"  vcl: {vcl}\n"), "policy.yaml").Documents;

        var wrong = Assert.Single(PolicyReader.Read(documents[0], new ConfigMapsOf(documents)).Diagnostics.Items,
            d => d.Path.StartsWith("spec.vcl", StringComparison.Ordinal));

        Assert.Equal(code, wrong.Code);
        Assert.Contains(help, wrong.Help, StringComparison.Ordinal);
    }

    [Fact]
    public void A_ConfigMap_of_another_namespace_is_not_found()
    {
        var documents = YamlDocuments.Read(Encoding.UTF8.GetBytes(
            Written.Policy + """
              vcl: {configMap: {name: hand-written, key: default.vcl}}
            ---
            {apiVersion: v1, kind: ConfigMap, metadata: {name: hand-written, namespace: other}, data: {default.vcl: "vcl 4.1;"}}
            """), "policy.yaml").Documents;

        var read = PolicyReader.Read(documents[0], new ConfigMapsOf(documents));

        Assert.Null(read.Value);
        Assert.Equal("reference/missing", Assert.Single(read.Diagnostics.Items).Code);
    }

    [Fact]
    public void A_misspelt_field_survives_the_entity_and_is_refused()
    {
        var good = Written.Entity<CachePolicy>(File.ReadAllText(Repository.Example("storefront.yaml")));
        var entity = KubernetesJson.Deserialize<CachePolicy>(
            KubernetesJson.Serialize(good)
                .Replace("\"personal\":{\"routes\"", "\"personal\":{\"routs\"", StringComparison.Ordinal));

        var read = PolicyReader.Read(entity, NoConfigMaps.Instance);

        Assert.Null(read.Value);
        var problem = Assert.Single(read.Diagnostics.Items);
        Assert.Equal(("field/unknown", "spec.personal.routs", "did you mean `routes`?"),
            (problem.Code, problem.Path, problem.Help));
    }

    [Theory]
    [InlineData("", QueryScope.Except, "")]
    [InlineData("query: None", QueryScope.Only, "")]
    [InlineData("query: [b, a]", QueryScope.Only, "b a")]
    [InlineData("query: {only: [b, a]}", QueryScope.Only, "b a")]
    [InlineData("query: {except: [utm_*, gclid]}", QueryScope.Except, "utm_* gclid")]
    public void The_parameters_of_the_key_are_read_in_every_form(string query, QueryScope scope, string names)
    {
        var read = PolicyReader.Read(
            Written.WithRules($"  - {{name: a, match: {{path: /a}}, cache: {{ttl: 1h, key: {{{query}}}}}}}\n"),
            NoConfigMaps.Instance);

        var key = read.Value!.Rules[0].Caching!.Key.Query;
        Assert.Equal((scope, names), (key.Scope, string.Join(' ', key.Names.Items)));
    }

    [Theory]
    [InlineData("key: {query: Nothing}", "key.query", "field/choice")]
    [InlineData("key: {query: {}}", "key.query", "match/missing")]
    [InlineData("key: {query: {only: [a], except: [b]}}", "key.query", "field/conflict")]
    [InlineData("key: {query: {only: [a*]}}", "key.query.only", "name/invalid")]
    [InlineData("key: {query: {except: [a*b]}}", "key.query.except", "name/invalid")]
    [InlineData("key: {headers: [Via, {name: via, choose: [a], default: b}]}", "key.headers[1]", "name/duplicate")]
    [InlineData("key: {headers: [{name: Via, choose: [a], otherwise: b}]}", "key.headers[0].otherwise",
        "field/unknown")]
    [InlineData("key: {headers: [{name: Via, default: b}]}", "key.headers[0].choose", "field/missing")]
    [InlineData("key: {cookies: [{name: lang, values: [a, A], otherwise: b}]}", "key.cookies[0].values[1]",
        "name/duplicate")]
    [InlineData("key: {cookies: [{name: lang, values: [\"a;b\"], otherwise: b}]}", "key.cookies[0].values[0]",
        "value/invalid")]
    [InlineData("key: {cookies: [{name: lang, values: [a]}]}", "key.cookies[0].otherwise", "field/missing")]
    [InlineData("identity: Allow", "identity", "field/choice")]
    [InlineData("minTtl: 1m", "minTtl", "field/conflict")]
    [InlineData("defaultTtl: 1m", "defaultTtl", "field/conflict")]
    [InlineData("keep: soon", "keep", "duration/invalid")]
    [InlineData("statusTtls: [{status: 302, ttl: 1m}]", "statusTtls[0].status", "status/unsafe")]
    [InlineData("statusTtls: [{status: 404, ttl: 1m}, {status: 404, ttl: 2m}]", "statusTtls[1].status",
        "name/duplicate")]
    [InlineData("statusTtls: [{status: 404}]", "statusTtls[0].ttl", "field/missing")]
    [InlineData("bypass: {cookies: [session]}", "bypass.cookies[0]", "field/type")]
    [InlineData("bypass: {headers: [{name: X-*}]}", "bypass.headers[0].name", "name/invalid")]
    [InlineData("bypass: {query: [{name: a, value: \"(\"}]}", "bypass.query[0].value", "route/regex")]
    public void What_a_rule_cannot_mean_is_told(string field, string path, string code)
    {
        var read = PolicyReader.Read(
            Written.WithRules($"  - {{name: a, match: {{path: /a}}, cache: {{ttl: 1h, {field}}}}}\n"),
            NoConfigMaps.Instance);

        Assert.Null(read.Value);
        Assert.Contains(read.Diagnostics.Items,
            d => d.Path == $"spec.rules[0].cache.{path}" && d.Code == code && d.Help is not null);
    }

    [Fact]
    public void A_rule_of_several_paths_is_one_rule()
    {
        var policy = Read("""
              rules:
                - name: assets
                  match:
                    paths: [{path: /logo}, {pathPrefix: /static, extensions: [css]}, {template: "/f/{id}"}, {regex: "^/x"}, {extensions: [png]}]
                    hosts: [WWW.example.com]
                    methods: [HEAD, GET]
                    headers: [{name: X-Api, value: "^2$"}]
                    cookies: [{name: "trial_*"}]
                    query: [{name: print}]
            """);

        var request = new RequestConditions([], ["GET", "HEAD"], [new("trial_*", null)], [new("x-api", "^2$")],
            [new("print", null)]);
        Assert.Equal<EquatableList<RouteMatch>>(
            [
                new(new ExactPath("/logo"), []) { Request = request, Place = "spec.rules[0].match.paths[0]" },
                new(new PathPrefix("/static"), ["css"]) { Request = request, Place = "spec.rules[0].match.paths[1]" },
                new(new PathTemplate("/f/{id}"), []) { Request = request, Place = "spec.rules[0].match.paths[2]" },
                new(new PathRegex("^/x"), []) { Request = request, Place = "spec.rules[0].match.paths[3]" },
                new(null, ["png"]) { Request = request, Place = "spec.rules[0].match.paths[4]" },
            ],
            policy.Rules.Items.Select(r => r.Match).ToEquatableList());
        Assert.All(policy.Rules.Items, r => Assert.Equal(("assets", "spec.rules[0]"), (r.Name, r.Path)));
    }

    [Theory]
    [InlineData("paths: []", "paths", "field/empty")]
    [InlineData("paths: [{}]", "paths[0]", "match/missing")]
    [InlineData("paths: [{path: /a, regex: b}]", "paths[0]", "match/conflict")]
    [InlineData("paths: [{path: /a}], extensions: [css]", "", "match/conflict")]
    [InlineData("paths: [{path: a}]", "paths[0].path", "route/not-a-path")]
    [InlineData("hosts: [shop.example.com]", "hosts", "host/unknown")]
    [InlineData("hosts: []", "hosts", "field/empty")]
    [InlineData("methods: [get]", "methods[0]", "method/invalid")]
    [InlineData("methods: [GET, GET]", "methods[1]", "name/duplicate")]
    [InlineData("methods: []", "methods", "field/empty")]
    [InlineData("headers: []", "headers", "field/empty")]
    [InlineData("headers: [{name: Cookie}]", "headers[0].name", "name/reserved")]
    [InlineData("headers: [{name: host}]", "headers[0].name", "name/reserved")]
    [InlineData("headers: [{name: X-CachePolicy-Rule}]", "headers[0].name", "name/reserved")]
    [InlineData("headers: [{name: X-A, value: \"(\"}]", "headers[0].value", "route/regex")]
    [InlineData("cookies: [{name: a}, {name: a}]", "cookies[1]", "name/duplicate")]
    [InlineData("query: [{value: a}]", "query[0].name", "field/missing")]
    public void What_a_match_cannot_mean_is_told(string match, string path, string code)
    {
        var read =
            PolicyReader.Read(Written.WithRules($"  - {{name: a, match: {{{match}}}}}\n"), NoConfigMaps.Instance);

        Assert.Null(read.Value);
        Assert.Contains(read.Diagnostics.Items, d => d.Code == code && d.Help is not null
            && d.Path == (path.Length == 0 ? "spec.rules[0].match" : $"spec.rules[0].match.{path}"));
    }

    [Theory]
    [InlineData("status: 404", "404 Not Found - False - - -")]
    [InlineData("status: 301, location: /new, keepTarget: true", "301 Moved Permanently /new True - - -")]
    [InlineData("status: 503, reason: Closed, body: <p>, retryAfter: 5m",
        "503 Closed - False <p> text/html; charset=utf-8 5m")]
    [InlineData("status: 403, body: gone", "403 Forbidden - False gone text/plain; charset=utf-8 -")]
    [InlineData("status: 200, body: '{}', contentType: application/json", "200 OK - False {} application/json -")]
    [InlineData("status: 204", "204 No Content - False - - -")]
    public void What_a_rule_answers_is_read(string synthetic, string answer)
    {
        var told = Read($"  rules: [{{name: a, match: {{path: /a}}, synthetic: {{{synthetic}}}}}]\n").Rules[0].Answer!;

        Assert.Equal(answer, string.Join(' ', told.Status, told.Reason, told.Location ?? "-", told.KeepsTarget,
            told.Body.Length > 0 ? told.Body : "-", told.ContentType ?? "-", told.RetryAfter?.ToString() ?? "-"));
    }

    [Fact]
    public void How_the_origin_is_asked_is_read()
    {
        var origin = Read(
            """
              origin: {service: {name: storefront, port: 8080}, connectTimeout: 1s, firstByteTimeout: 2s, betweenBytesTimeout: 3s, maxConnections: 4,
                 probe: {path: /up, interval: 5s, timeout: 6s, window: 7, threshold: 2, expectedStatus: 204}}

            """).Origin;

        Assert.Equal(new OriginConnection(Seconds(1), Seconds(2), Seconds(3), 4), origin.Connection);
        Assert.Equal(new OriginProbe("/up", Seconds(5), Seconds(6), 7, 2, 204), origin.Probe);

        static Duration Seconds(long seconds) => Duration.FromSeconds(seconds);
    }

    [Theory]
    [InlineData("connectTimeout: 0s", "connectTimeout", "field/range")]
    [InlineData("firstByteTimeout: 2h", "firstByteTimeout", "field/range")]
    [InlineData("maxConnections: 0", "maxConnections", "field/range")]
    [InlineData("probe: {}", "probe.path", "field/missing")]
    [InlineData("probe: {path: healthz}", "probe.path", "probe/path")]
    [InlineData("probe: {path: \"/a\\r\\nX: y\"}", "probe.path", "probe/path")]
    [InlineData("probe: {path: '/a\"b'}", "probe.path", "probe/path")]
    [InlineData("probe: {path: /up, window: 2}", "probe.window", "field/conflict")]
    [InlineData("probe: {path: /up, threshold: 9}", "probe.threshold", "field/conflict")]
    [InlineData("probe: {path: /up, interval: 0s}", "probe.interval", "field/range")]
    public void How_no_origin_is_asked_is_told(string fields, string path, string code)
    {
        var text = Written.Policy.Replace("port: 8080}}", $"port: 8080}}, {fields}}}", StringComparison.Ordinal);
        var read = PolicyReader.Read(Written.Document(text), NoConfigMaps.Instance);

        Assert.Contains(read.Diagnostics.Items,
            d => d.Code == code && d.Help is not null && d.Path == $"spec.origin.{path}");
    }

    [Fact]
    public void What_is_changed_of_responses_is_read()
    {
        var policy = Read(
            """
              response: {set: [{name: X-Frame-Options, value: DENY}, {name: X-A, value: a}], unset: [Server, Via], browsers: NoCache, cors: {origins: ["*"]}}
              rules:
                - name: a
                  match: {path: /a}
                  response:
                    browsers: NoStore
                    set: [{name: x-a, value: "b; c=\"d\""}, {name: VIA, value: us}]
                    cors: {origins: ["https://a.example:8443"], methods: [PUT], headers: [X-B], expose: [ETag], credentials: true, maxAge: 10m}
                - {name: b, match: {path: /b}}

            """);

        Assert.Equal(
            new ResponseEdits([new("X-Frame-Options", "DENY"), new("x-a", "b; c=\"d\""), new("VIA", "us")], ["Server"])
            {
                Cors = new Cors(["https://a.example:8443"], ["PUT"], ["X-B"], ["ETag"], true,
                    Duration.FromSeconds(600)),
                Browsers = BrowserCaching.NoStore,
            },
            policy.Rules[0].Response);
        Assert.Equal(BrowserCaching.NoCache, policy.Response.Browsers);
        Assert.Equal(policy.Response, policy.Rules[1].Response);
        Assert.True(policy.Response.Cors!.IsForAnybody);
    }

    [Theory]
    [InlineData("set: [{name: X-A}]", "set[0].value", "field/missing")]
    [InlineData("set: [{value: a}]", "set[0].name", "field/missing")]
    [InlineData("set: [{name: 'X A', value: a}]", "set[0].name", "name/invalid")]
    [InlineData("set: [{name: \"X-A:\\r\\nB\", value: a}]", "set[0].name", "name/invalid")]
    [InlineData("set: [{name: X-A, value: \"a\\r\\nSet-Cookie: b=c\"}]", "set[0].value", "value/invalid")]
    [InlineData("set: [{name: X-A, value: \"a\\0\"}]", "set[0].value", "value/invalid")]
    [InlineData("set: [{name: X-A, value: é}]", "set[0].value", "value/invalid")]
    [InlineData("set: [{name: X-A, value: ' a'}]", "set[0].value", "value/invalid")]
    [InlineData("set: [{name: X-A, value: a}, {name: x-a, value: b}]", "set[1]", "name/duplicate")]
    [InlineData("set: [{name: X-A, value: a}], unset: [x-a]", "unset[0]", "field/conflict")]
    [InlineData("unset: [X-A, x-a]", "unset[1]", "name/duplicate")]
    [InlineData("unset: ['X-*']", "unset[0]", "name/invalid")]
    [InlineData("browsers: 1m", "browsers", "field/choice")]
    [InlineData("cors: {}", "cors.origins", "field/missing")]
    [InlineData("cors: {origins: []}", "cors.origins", "field/missing")]
    [InlineData("cors: {origins: ['*', 'https://a.example']}", "cors.origins", "field/conflict")]
    [InlineData("cors: {origins: ['*'], credentials: true}", "cors.credentials", "field/conflict")]
    [InlineData("cors: {origins: ['null']}", "cors.origins[0]", "cors/origin")]
    [InlineData("cors: {origins: ['https://a.example/']}", "cors.origins[0]", "cors/origin")]
    [InlineData("cors: {origins: ['https://A.example']}", "cors.origins[0]", "cors/origin")]
    [InlineData("cors: {origins: ['https://a.example:443']}", "cors.origins[0]", "cors/origin")]
    [InlineData("cors: {origins: ['https://a.example:080']}", "cors.origins[0]", "cors/origin")]
    [InlineData("cors: {origins: ['https://*.example']}", "cors.origins[0]", "cors/origin")]
    [InlineData("cors: {origins: ['https://u@a.example']}", "cors.origins[0]", "cors/origin")]
    [InlineData("cors: {origins: [a.example]}", "cors.origins[0]", "cors/origin")]
    [InlineData("cors: {origins: [\"https://a.example\\nb\"]}", "cors.origins[0]", "cors/origin")]
    [InlineData("cors: {origins: ['*'], headers: ['*']}", "cors.headers[0]", "name/invalid")]
    [InlineData("cors: {origins: ['*'], maxAge: 2d}", "cors.maxAge", "field/range")]
    public void What_is_nobodys_to_change_of_responses_is_told(string response, string path, string code)
    {
        var read = PolicyReader.Read(
            Written.WithRules($"  - {{name: a, match: {{path: /a}}, response: {{{response}}}}}\n"),
                NoConfigMaps.Instance);

        Assert.Null(read.Value);
        Assert.Contains(read.Diagnostics.Items,
            d => d.Code == code && d.Help is not null && d.Path == $"spec.rules[0].response.{path}");
    }

    [Theory]
    [InlineData("cache: {ttl: 1h, key: {headers: [Origin]}}, response: {cors: {origins: ['https://a.example']}}",
        "spec.rules[0].cache.key.headers")]
    [InlineData(
        "cache: {ttl: 1h, key: {headers: [{name: Origin, choose: [a], default: b}]}}, response: {cors: {origins: "
            + "['*']}}", "spec.rules[0].cache.key.headers")]
    public void Cors_beside_Origin_in_the_key_is_told(string fields, string path)
    {
        var read = PolicyReader.Read(Written.WithRules($"  - {{name: a, match: {{path: /a}}, {fields}}}\n"),
            NoConfigMaps.Instance);

        Assert.Contains(read.Diagnostics.Items, d => d.Code == "field/conflict" && d.Path == path);
    }

    [Theory]
    [InlineData("synthetic: {}", "status", "field/missing")]
    [InlineData("synthetic: {status: 206}", "status", "status/unsafe")]
    [InlineData("synthetic: {status: 304}", "status", "status/unsafe")]
    [InlineData("synthetic: {status: 301}", "location", "field/missing")]
    [InlineData("synthetic: {status: 404, location: /a}", "location", "field/conflict")]
    [InlineData("synthetic: {status: 404, keepTarget: true}", "keepTarget", "field/conflict")]
    [InlineData("synthetic: {status: 301, location: //evil.example}", "location", "location/invalid")]
    [InlineData("synthetic: {status: 301, location: www.example.com}", "location", "location/invalid")]
    [InlineData("synthetic: {status: 301, location: 'javascript:alert(1)'}", "location", "location/invalid")]
    [InlineData("synthetic: {status: 301, location: 'https://a@b.example'}", "location", "location/invalid")]
    [InlineData("synthetic: {status: 301, location: \"/a\\r\\nSet-Cookie: a\"}", "location", "location/invalid")]
    [InlineData("synthetic: {status: 301, location: 'https://b.example/', keepTarget: true}", "location",
        "location/invalid")]
    [InlineData("synthetic: {status: 404, reason: \"a\\nb\"}", "reason", "reason/invalid")]
    [InlineData("synthetic: {status: 404, body: \"a\\0b\"}", "body", "body/invalid")]
    [InlineData("synthetic: {status: 404, contentType: text/html}", "contentType", "field/conflict")]
    [InlineData("synthetic: {status: 404, body: a, contentType: \"text/html\\nA: b\"}", "contentType", "type/invalid")]
    [InlineData("synthetic: {status: 404, retryAfter: 5m}", "retryAfter", "field/conflict")]
    [InlineData("synthetic: {status: 204, body: a}", "body", "field/conflict")]
    [InlineData("synthetic: {status: 404}, cache: {ttl: 1h}", "", "field/conflict")]
    public void What_no_rule_answers_is_told(string fields, string path, string code)
    {
        var read = PolicyReader.Read(Written.WithRules($"  - {{name: a, match: {{path: /a}}, {fields}}}\n"),
            NoConfigMaps.Instance);

        Assert.Null(read.Value);
        Assert.Contains(read.Diagnostics.Items, d => d.Code == code && d.Help is not null
            && d.Path == (path.Length == 0 ? "spec.rules[0].synthetic" : $"spec.rules[0].synthetic.{path}"));
    }

    [Theory]
    [InlineData("headers: [{name: X-A}]")]
    [InlineData("methods: [POST]")]
    public void What_a_request_brings_alone_is_a_match_of_every_path(string match) =>
        Assert.Equal(new PathPrefix("/"), Read($"  rules: [{{name: a, match: {{{match}}}}}]\n").Rules[0].Match.Pattern);

    private static Policy Read(string spec)
    {
        var kept = spec.Contains("origin: {service", StringComparison.Ordinal)
            ? Written.Policy.Replace("  origin: {service: {name: storefront, port: 8080}}\n", "",
                StringComparison.Ordinal)
            : Written.Policy;
        kept = spec.Contains("  cache:", StringComparison.Ordinal)
            ? kept.Replace("  cache: {workload: {kind: Deployment, name: storefront-cache}}\n", "",
                StringComparison.Ordinal)
            : kept;
        var read = PolicyReader.Read(Written.Document(kept + spec), NoConfigMaps.Instance);
        Assert.DoesNotContain(read.Diagnostics.Items, d => d.Severity == Severity.Error);
        return read.Value!;
    }
}
