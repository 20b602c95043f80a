using System.Text;
using CachePolicyOperator.Core.Diagnostics;
using CachePolicyOperator.Crds.Schema;
using CachePolicyOperator.Entities.Documents;
using CachePolicyOperator.Entities.Reading;

namespace CachePolicyOperator.Entities.Tests.Reading;

/// <summary>
/// Every field of the CRDs' specs acts, with a test that shows it, or whoever writes it is told that it does nothing
/// (<c>policy/not-yet</c>) or refused. A new field stands in no list and fails here.
/// </summary>
public sealed class FieldsTests
{
    private const string Served = "A_good_policy_is_proven_and_serves_from_both_pods_and_the_entry_leads_there";
    private const string Tried = "The_first_revision_caches_in_one_pod_while_the_others_pass_and_then_in_all";
    private const string Matched = "Rules_match_exactly_the_paths_of_their_routes";
    private const string Personal = "Personal_routes_match_every_path_that_the_origin_may_take_for_them";
    private const string Carriers = "Who_says_who_they_are_is_passed_with_all_they_say";
    private const string Bound = "Personal_routes_that_a_policy_contradicts_are_refused_and_the_policy_is_named";
    private const string OpenApi = "An_operation_is_personal_by_its_own_requirement_or_by_the_general_one";
    private const string Vcl = "Hand_written_VCL_is_found_in_its_ConfigMap";
    private const string Incident = "A_leak_is_written_down_and_takes_the_cache_out_of_every_pod_and_of_the_path";
    private const string Account = "The_same_leak_seen_again_after_a_crash_names_the_same_incident";
    private const string Told = "An_incident_is_listed_and_told";
    private const string Managed = "A_managed_workload_is_made_as_the_policy_says";
    private const string ManagedPods = "Pods_of_a_managed_cache_run_where_and_with_what_the_policy_says";
    private const string Bypass = "What_a_rule_bypasses_is_passed";
    private const string Chosen = "Requests_that_come_to_one_value_share_a_response_made_for_it";
    private const string Lifetime = "An_answer_lives_as_long_as_origin_and_rule_say";
    private const string Invalidated = "Pages_that_are_invalidated_are_served_by_no_pod_any_more";
    private const string Banned = "A_ban_takes_out_what_is_meant_and_nothing_else";
    private const string Asked = "A_request_that_brings_all_that_a_rule_asks_for_is_matched";
    private const string Several = "A_rule_of_several_paths_is_one_rule";
    private const string Answered = "A_rule_answers_what_it_is_the_first_to_match_and_the_origin_is_not_asked";
    private const string Led = "A_redirect_leads_where_the_rule_says_and_keeps_a_target_of_plain_letters";
    private const string Edited = "Fields_are_set_and_taken_away_wherever_a_response_comes_from";
    private const string Browsers = "Browsers_keep_no_more_than_the_policy_and_than_the_origin_says";
    private const string Shared = "A_site_may_read_what_it_is_listed_for_and_no_other_gets_its_answer";
    private const string Preflight = "A_preflight_is_answered_here";
    private const string Reviewed = "A_revision_waits_until_a_reviewer_approves_it_who_did_not_write_it";
    private const string Signed = "A_signature_counts_for_what_was_signed_alone_and_also_where_nobody_saw_who_wrote_it";
    private const string Demanded = "Who_declares_what_is_personal_can_demand_reviews_of_policies_that_demand_none";
    private const string Named = "What_is_cached_and_what_is_passed_is_of_the_origin_of_its_rule";
    private const string Standby = "While_an_origin_is_not_well_another_one_stands_in";
    private const string Retried = "What_an_origin_cannot_answer_now_it_is_asked_again";
    private const string Rewritten = "An_origin_is_asked_for_its_own_path_and_told_the_clients";
    private const string Upgraded = "A_handshake_leads_to_the_origin_and_what_is_said_then_goes_both_ways";
    private const string Alike = "A_ban_by_a_pattern_takes_out_what_is_like_it_and_nothing_of_it_is_read_otherwise";
    private const string Connected = "Each_origin_is_asked_as_the_policy_says_of_it";
    private const string Level = "The_policy_says_how_far_a_leak_leads";

    /// <summary>The fields that act, each with a test that fails where they do not.</summary>
    private static readonly Dictionary<string, string> Acts = new(StringComparer.Ordinal)
    {
        ["CachePolicy spec.hosts"] = "An_identity_header_and_another_host_pass",
        ["CachePolicy spec.origin.service.name"] = Served,
        ["CachePolicy spec.origin.service.port"] = Served,
        ["CachePolicy spec.origin.profile"] = "A_pass_rule_that_is_too_narrow_for_the_origin_is_not_enough",
        ["CachePolicy spec.origin.connectTimeout"] = "What_caches_nothing_asks_as_the_policy_says_and_always",
        ["CachePolicy spec.origin.firstByteTimeout"] = "An_origin_is_waited_for_as_long_as_the_policy_says",
        ["CachePolicy spec.origin.betweenBytesTimeout"] = "What_caches_nothing_asks_as_the_policy_says_and_always",
        ["CachePolicy spec.origin.maxConnections"] = "What_caches_nothing_asks_as_the_policy_says_and_always",
        ["CachePolicy spec.origin.probe.path"] = "An_origin_that_is_not_well_gets_no_request_until_it_is_again",
        ["CachePolicy spec.origin.probe.interval"] = "An_origin_that_is_not_well_gets_no_request_until_it_is_again",
        ["CachePolicy spec.origin.probe.timeout"] = "How_the_origin_is_asked_is_read",
        ["CachePolicy spec.origin.probe.window"] = "How_the_origin_is_asked_is_read",
        ["CachePolicy spec.origin.probe.threshold"] = "How_the_origin_is_asked_is_read",
        ["CachePolicy spec.origin.probe.expectedStatus"] = "How_the_origin_is_asked_is_read",
        ["CachePolicy spec.origin.standby"] = Standby,
        ["CachePolicy spec.origin.retries"] = Retried,
        ["CachePolicy spec.origins.retries"] = Retried,
        ["CachePolicy spec.origins.standby"] = Standby,
        ["CachePolicy spec.origins.name"] = Named,
        ["CachePolicy spec.origins.service.name"] = "A_rule_of_another_origin_is_answered_by_its_pods",
        ["CachePolicy spec.origins.service.port"] = "A_rule_of_another_origin_is_answered_by_its_pods",
        ["CachePolicy spec.origins.profile"] =
            "Where_any_of_several_origins_may_be_asked_a_target_is_what_any_of_them_makes_of_it",
        ["CachePolicy spec.origins.connectTimeout"] = Connected,
        ["CachePolicy spec.origins.firstByteTimeout"] = Connected,
        ["CachePolicy spec.origins.betweenBytesTimeout"] = Connected,
        ["CachePolicy spec.origins.maxConnections"] = Connected,
        ["CachePolicy spec.origins.probe"] =
            "An_origin_that_its_probe_finds_sick_gets_no_request_and_its_copies_are_served_stale",
        ["CachePolicy spec.origins.host"] = "An_origin_with_a_host_of_its_own_gets_that_and_is_told_the_clients",
        ["CachePolicy spec.origins.coveredByDefault"] =
            "What_no_origin_answers_without_a_cache_is_told_before_it_is_needed",
        ["CachePolicy spec.rules.origin"] = Named,
        ["CachePolicy spec.rules.upgrade"] = Upgraded,
        ["CachePolicy spec.origins.rewrite.prefix"] = Rewritten,
        ["CachePolicy spec.origins.rewrite.with"] = Rewritten,
        ["CachePolicy spec.rollout.canary.pods"] = Tried,
        ["CachePolicy spec.rollout.canary.probes"] = Tried,
        ["CachePolicy spec.rollout.canary.probesPerSecond"] = "Settings_are_read",
        ["CachePolicy spec.rollout.canary.window"] = Tried,
        ["CachePolicy spec.rollout.maxSurge"] = "So_many_pods_change_at_once",
        ["CachePolicy spec.cache.workload.kind"] = Served,
        ["CachePolicy spec.cache.workload.name"] = Served,
        ["CachePolicy spec.cache.managed.replicas"] = Managed,
        ["CachePolicy spec.cache.managed.image"] = Managed,
        ["CachePolicy spec.cache.managed.storage"] = Managed,
        ["CachePolicy spec.cache.managed.pods.labels"] = ManagedPods,
        ["CachePolicy spec.cache.managed.pods.annotations"] = ManagedPods,
        ["CachePolicy spec.cache.managed.pods.nodeSelector"] = ManagedPods,
        ["CachePolicy spec.cache.managed.pods.tolerations.key"] = ManagedPods,
        ["CachePolicy spec.cache.managed.pods.tolerations.operator"] = ManagedPods,
        ["CachePolicy spec.cache.managed.pods.tolerations.value"] = ManagedPods,
        ["CachePolicy spec.cache.managed.pods.tolerations.effect"] = ManagedPods,
        ["CachePolicy spec.cache.managed.pods.tolerations.tolerationSeconds"] = ManagedPods,
        ["CachePolicy spec.cache.managed.pods.priorityClassName"] = ManagedPods,
        ["CachePolicy spec.cache.managed.pods.imagePullSecrets"] = ManagedPods,
        ["CachePolicy spec.cache.managed.pods.resources.requests.cpu"] = ManagedPods,
        ["CachePolicy spec.cache.managed.pods.resources.requests.memory"] = ManagedPods,
        ["CachePolicy spec.cache.managed.pods.resources.limits.cpu"] = ManagedPods,
        ["CachePolicy spec.cache.managed.pods.resources.limits.memory"] = ManagedPods,
        ["CachePolicy spec.cache.managed.pods.env.name"] = ManagedPods,
        ["CachePolicy spec.cache.managed.pods.env.value"] = ManagedPods,
        ["CachePolicy spec.cache.managed.pods.files.configMap"] = ManagedPods,
        ["CachePolicy spec.cache.managed.pods.files.secret"] = ManagedPods,
        ["CachePolicy spec.cache.managed.pods.files.path"] = ManagedPods,
        ["CachePolicy spec.entrypoints.service.name"] = Served,
        ["CachePolicy spec.entrypoints.service.port"] = Served,
        ["CachePolicy spec.personal.routes.path"] = Personal,
        ["CachePolicy spec.personal.routes.pathPrefix"] = Personal,
        ["CachePolicy spec.personal.routes.template"] = Personal,
        ["CachePolicy spec.personal.routes.regex"] = Personal,
        ["CachePolicy spec.personal.routes.openAPI.configMap.name"] = OpenApi,
        ["CachePolicy spec.personal.routes.openAPI.configMap.key"] = OpenApi,
        ["CachePolicy spec.personal.identity.cookies"] = Carriers,
        ["CachePolicy spec.personal.identity.headers"] = Carriers,
        ["CachePolicy spec.personal.identity.query"] = Carriers,
        ["CachePolicy spec.rules.name"] = "A_lookup_tells_its_rule_and_key",
        ["CachePolicy spec.rules.match.path"] = Matched,
        ["CachePolicy spec.rules.match.pathPrefix"] = Matched,
        ["CachePolicy spec.rules.match.template"] = Matched,
        ["CachePolicy spec.rules.match.regex"] = Matched,
        ["CachePolicy spec.rules.match.extensions"] =
            "A_path_that_is_named_like_an_asset_stores_only_its_content_types",
        ["CachePolicy spec.rules.match.paths.path"] = Several,
        ["CachePolicy spec.rules.match.paths.pathPrefix"] = Several,
        ["CachePolicy spec.rules.match.paths.template"] = Several,
        ["CachePolicy spec.rules.match.paths.regex"] = Several,
        ["CachePolicy spec.rules.match.paths.extensions"] = Several,
        ["CachePolicy spec.rules.match.hosts"] = "A_rule_for_some_hosts_leaves_the_others_alone",
        ["CachePolicy spec.rules.match.methods"] = "A_rule_for_some_methods_leaves_the_others_alone",
        ["CachePolicy spec.rules.match.headers.name"] = Asked,
        ["CachePolicy spec.rules.match.headers.value"] = Asked,
        ["CachePolicy spec.rules.match.cookies.name"] = Asked,
        ["CachePolicy spec.rules.match.cookies.value"] = Asked,
        ["CachePolicy spec.rules.match.query.name"] = Asked,
        ["CachePolicy spec.rules.match.query.value"] = Asked,
        ["CachePolicy spec.rules.synthetic.status"] = Answered,
        ["CachePolicy spec.rules.synthetic.reason"] = "What_a_rule_answers_is_read",
        ["CachePolicy spec.rules.synthetic.location"] = Led,
        ["CachePolicy spec.rules.synthetic.keepTarget"] = Led,
        ["CachePolicy spec.rules.synthetic.body"] = "A_body_is_answered_with_as_it_is_written",
        ["CachePolicy spec.rules.synthetic.contentType"] = "A_body_is_answered_with_as_it_is_written",
        ["CachePolicy spec.rules.synthetic.retryAfter"] = Answered,
        ["CachePolicy spec.rules.response.set.name"] = Edited,
        ["CachePolicy spec.rules.response.set.value"] = Edited,
        ["CachePolicy spec.rules.response.unset"] = Edited,
        ["CachePolicy spec.rules.response.cors.origins"] = Shared,
        ["CachePolicy spec.rules.response.cors.methods"] = Preflight,
        ["CachePolicy spec.rules.response.cors.headers"] = Preflight,
        ["CachePolicy spec.rules.response.cors.expose"] = "What_is_changed_of_responses_is_read",
        ["CachePolicy spec.rules.response.cors.credentials"] = Shared,
        ["CachePolicy spec.rules.response.cors.maxAge"] = "What_is_changed_of_responses_is_read",
        ["CachePolicy spec.rules.response.browsers"] = Browsers,
        ["CachePolicy spec.response.browsers"] = Browsers,
        ["CachePolicy spec.response.set.name"] = Edited,
        ["CachePolicy spec.response.set.value"] = Edited,
        ["CachePolicy spec.response.unset"] = Edited,
        ["CachePolicy spec.response.cors.origins"] = Shared,
        ["CachePolicy spec.response.cors.methods"] = Preflight,
        ["CachePolicy spec.response.cors.headers"] = Preflight,
        ["CachePolicy spec.response.cors.expose"] = "What_is_changed_of_responses_is_read",
        ["CachePolicy spec.response.cors.credentials"] = Shared,
        ["CachePolicy spec.response.cors.maxAge"] = "What_is_changed_of_responses_is_read",
        ["CachePolicy spec.rules.cache.esi"] = "A_page_is_put_together_for_each_client_and_nobody_else_keeps_it",
        ["CachePolicy spec.rules.cache.compress"] = "Text_is_stored_packed_where_the_rule_says_so",
        ["CachePolicy spec.rules.cache.ttl"] = "Is_stored_for_as_long_as_the_rule_says",
        ["CachePolicy spec.rules.cache.maxTtl"] = "Lives_as_long_as_the_origin_says_and_the_rule_allows",
        ["CachePolicy spec.rules.cache.minTtl"] = Lifetime,
        ["CachePolicy spec.rules.cache.defaultTtl"] = Lifetime,
        ["CachePolicy spec.rules.cache.statusTtls.status"] = Lifetime,
        ["CachePolicy spec.rules.cache.statusTtls.ttl"] = Lifetime,
        ["CachePolicy spec.rules.cache.graceIfSick"] =
            "A_stale_answer_is_served_for_longer_while_the_origin_is_not_well_and_not_before",
        ["CachePolicy spec.rules.cache.keep"] =
            "A_kept_answer_is_asked_for_with_its_tag_and_serves_again_where_nothing_changed",
        ["CachePolicy spec.rules.cache.grace"] = "Grace_serves_stale_while_the_origin_is_broken",
        ["CachePolicy spec.rules.cache.identity"] =
            "Who_brings_an_identity_cookie_is_passed_where_the_rule_does_not_ignore_it",
        ["CachePolicy spec.rules.cache.bypass.cookies.name"] = Bypass,
        ["CachePolicy spec.rules.cache.bypass.cookies.value"] = Bypass,
        ["CachePolicy spec.rules.cache.bypass.headers.name"] = Bypass,
        ["CachePolicy spec.rules.cache.bypass.headers.value"] = Bypass,
        ["CachePolicy spec.rules.cache.bypass.query.name"] = Bypass,
        ["CachePolicy spec.rules.cache.bypass.query.value"] = Bypass,
        ["CachePolicy spec.rules.cache.key.devices.name"] = "Devices_of_one_class_share_a_page_that_is_made_for_it",
        ["CachePolicy spec.rules.cache.key.devices.userAgent"] =
            "Devices_of_one_class_share_a_page_that_is_made_for_it",
        ["CachePolicy spec.rules.cache.key.cookies.name"] = Chosen,
        ["CachePolicy spec.rules.cache.key.cookies.values"] = Chosen,
        ["CachePolicy spec.rules.cache.key.cookies.otherwise"] = Chosen,
        ["CachePolicy spec.rules.cache.key.query"] = "Only_listed_parameters_reach_the_origin_in_the_order_of_the_rule",
        ["CachePolicy spec.rules.cache.key.headers"] = "Fields_in_the_key_keep_responses_apart",
        ["CachePolicy spec.vcl.configMap.name"] = Vcl,
        ["CachePolicy spec.vcl.configMap.key"] = Vcl,
        ["CachePolicy spec.vcl.inline"] = "Hand_written_VCL_may_stand_in_the_policy_itself",
        ["CachePolicy spec.guard.onLeak"] = Level,
        ["CachePolicy spec.guard.originContract"] =
            "An_origin_that_does_not_forbid_to_store_a_personal_page_is_told_unless_nobody_asks",
        ["CachePolicy spec.fallback.mode"] = Level,
        ["CachePolicy spec.fallback.purge"] = "Going_down_comes_before_everything_else",
        ["PersonalRoutes spec.hosts"] = Bound,
        ["PersonalRoutes spec.routes.path"] = Bound,
        ["PersonalRoutes spec.routes.pathPrefix"] = Bound,
        ["PersonalRoutes spec.routes.template"] = Bound,
        ["PersonalRoutes spec.routes.regex"] = Bound,
        ["PersonalRoutes spec.routes.openAPI.configMap.name"] = OpenApi,
        ["PersonalRoutes spec.routes.openAPI.configMap.key"] = OpenApi,
        ["PersonalRoutes spec.identity.cookies"] = Carriers,
        ["PersonalRoutes spec.identity.headers"] = Carriers,
        ["PersonalRoutes spec.identity.query"] = Carriers,
        ["CachePolicy spec.review.required"] = Reviewed,
        ["CachePolicy spec.review.groups"] = Reviewed,
        ["CachePolicy spec.review.keys.name"] = Signed,
        ["CachePolicy spec.review.keys.publicKey"] = Signed,
        ["PersonalRoutes spec.review.required"] = Demanded,
        ["PersonalRoutes spec.review.groups"] = Demanded,
        ["PersonalRoutes spec.review.keys.name"] = "Each_demand_must_be_met_by_those_whom_it_names",
        ["PersonalRoutes spec.review.keys.publicKey"] = "Each_demand_must_be_met_by_those_whom_it_names",
        ["CacheReview spec.policy"] = Reviewed,
        ["CacheReview spec.digest"] = Reviewed,
        ["CacheReview spec.verdict"] = Reviewed,
        ["CacheReview spec.comment"] = Reviewed,
        ["CacheReview spec.signature.key"] = Signed,
        ["CacheReview spec.signature.value"] = Signed,
        ["CacheInvalidation spec.policy"] = Invalidated,
        ["CacheInvalidation spec.hosts"] = Banned,
        ["CacheInvalidation spec.paths"] = Banned,
        ["CacheInvalidation spec.pathPatterns"] = Alike,
        ["CacheInvalidation spec.pathPrefixes"] = Banned,
        ["CacheInvalidation spec.tags"] = Banned,
        ["CacheInvalidation spec.all"] = "What_is_wrong_with_an_invalidation_is_told_and_nothing_is_invalidated",
        ["CacheInvalidation spec.ttlSecondsAfterFinished"] =
            "An_invalidation_is_removed_some_time_after_it_is_complete",
        ["CacheIncident spec.policy"] = Incident,
        ["CacheIncident spec.level"] = "The_lowest_open_incident_decides",
        ["CacheIncident spec.revisions"] = "It_refuses",
        ["CacheIncident spec.trigger.kind"] = Told,
        ["CacheIncident spec.trigger.pod"] = Account,
        ["CacheIncident spec.trigger.sequence"] = Account,
        ["CacheIncident spec.trigger.time"] = Told,
        ["CacheIncident spec.trigger.reason"] = Told,
    };

    /// <summary>The fields that are refused, and with which code.</summary>
    private static readonly Dictionary<string, string> Refused = new(StringComparer.Ordinal)
    {
        ["CachePolicy spec.entrypoints.ingress.name"] = "entrypoint/unsupported",
        ["CachePolicy spec.entrypoints.httpRoute.name"] = "entrypoint/unsupported",
    };

    [Fact]
    public void Every_field_acts_or_is_told_to_do_nothing_or_is_refused()
    {
        var known = Acts.Keys.Concat(Refused.Keys).Concat(NotYet.Fields.Select(f => $"{f.Kind} {f.Path}")).ToArray();

        Assert.Equal(known.Length, known.Distinct(StringComparer.Ordinal).Count());
        foreach (var field in Leaves())
        {
            Assert.True(known.Any(k => field == k || field.StartsWith($"{k}.", StringComparison.Ordinal)),
                $"`{field}` is accepted: name the test that shows what it does in FieldsTests, or tell in NotYet that "
                    + "it does nothing");
        }

        Assert.All(known,
            k => Assert.True(Leaves().Any(f => f == k || f.StartsWith($"{k}.", StringComparison.Ordinal)),
            $"there is no field `{k}`"));
    }

    [Fact]
    public void The_tests_that_show_what_fields_do_are_there()
    {
        var tests = string.Concat(
            Directory.EnumerateFiles(Path.Combine(Repository.Root, "tests"), "*Tests.cs", SearchOption.AllDirectories)
            .Where(f => f != Path.Combine(Repository.Tests, "Reading", "FieldsTests.cs"))
            .Select(File.ReadAllText));

        Assert.All(Acts,
            a => Assert.True(tests.Contains($" {a.Value}(", StringComparison.Ordinal),
            $"`{a.Key}` is said to be shown by `{a.Value}`, which is no test"));
    }

    public static TheoryData<string, string, string> Ignored() => new()
    {
        { "spec.rollout.warmPrevious", "rollout: {warmPrevious: false}", "it stays loaded" },
        { "spec.guard.sample", "guard: {sample: 0.5}", "every response is watched" },
        { "spec.guard.onLeak", "guard: {onLeak: Quarantine}", "acts as `Bypass`" },
        { "spec.fallback.origin.maxConcurrency", "fallback: {origin: {maxConcurrency: 10}}", "gets them all" },
    };

    [Theory]
    [MemberData(nameof(Ignored))]
    public void A_setting_that_does_nothing_is_told_and_not_refused(string path, string setting, string instead)
    {
        var read = PolicyReader.Read(
            Written.Document(
            $"{Written.Policy}  rules: [{{name: a, match: {{path: /a}}, cache: {{ttl: 1h}}}}]\n  {setting}\n"),
            NoConfigMaps.Instance);

        Assert.NotNull(read.Value);
        Assert.Contains(read.Diagnostics.Items,
            d => d is { Code: NotYet.Code, Severity: Severity.Warning, Help: not null }
            && d.Path == path && d.Message.Contains(instead, StringComparison.Ordinal));
    }

    [Fact]
    public void Every_setting_that_does_nothing_has_its_case()
    {
        var cases = Ignored().Select(c => (string)c[0]).ToHashSet(StringComparer.Ordinal);

        Assert.All(NotYet.Fields.Where(f => f.Kind == CachePolicy.KubeKind), f => Assert.Contains(f.Path, cases));
    }

    [Theory]
    [InlineData("ingress")]
    [InlineData("httpRoute")]
    public void An_entrypoint_that_nothing_switches_is_refused(string form)
    {
        var read = PolicyReader.Read(
            Written.Document(
                $"{Written.Policy.Replace("service: {name: storefront-entry, port: 80}", $"{form}: {{name: storefront}}", StringComparison.Ordinal)}  rules: []\n"),
            NoConfigMaps.Instance);

        Assert.Null(read.Value);
        Assert.Contains(read.Diagnostics.Items,
            d => d is { Code: "entrypoint/unsupported", Path: "spec.entrypoints[0]" });
    }

    [Fact]
    public void Defaults_that_nobody_wrote_are_not_told_of() =>
        Assert.Empty(
            PolicyReader.Read(Written.Document(File.ReadAllText(Repository.Example("storefront.yaml"))),
            NoConfigMaps.Instance).Diagnostics.Items);

    /// <summary>
    /// The fields below every <c>spec</c> that hold a value: <c>CachePolicy spec.rules.cache.ttl</c>.
    /// </summary>
    private static string[] Leaves() =>
    [
        .. from definition in CustomResourceDefinitions.All()
           let root = YamlDocuments.Read(Encoding.UTF8.GetBytes(definition.Content), definition.File).Documents[0].Root
           let names = root.Find("spec")!.Find("names")!.Find("kind")!.Text
           let schema = root.Find("spec")!.Find("versions")!.Items[0].Find("schema")!.Find("openAPIV3Schema")!
           from leaf in Below(schema.Find("properties")!.Find("spec")!, "spec")
           select $"{names} {leaf}",
    ];

    private static IEnumerable<string> Below(DocumentNode schema, string path) =>
        schema.Find("items") is { } items ? Below(items, path)
        : schema.Find("properties") is { } properties
            ? properties.Fields.SelectMany(f => Below(f.Value, $"{path}.{f.Name}"))
        : [path];
}
