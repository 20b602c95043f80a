using CachePolicyOperator.Core;
using CachePolicyOperator.Core.Diagnostics;
using CachePolicyOperator.Core.Model;
using CachePolicyOperator.Entities.Documents;

namespace CachePolicyOperator.Entities.Reading;

/// <summary>
/// From a <see cref="CachePolicy"/> as written to a <see cref="Policy"/>, or to everything that is wrong with it. Never
/// throws.
/// </summary>
public static class PolicyReader
{
    // `ca.crt` in the Secret of agents' certificates, where each policy has its own as `NAME.crt`.
    private const string AuthorityName = "ca";

    public static ReadResult<Policy> Read(CachePolicy entity, IConfigMaps configMaps)
    {
        var findings = new Findings();
        return EntityDocument.Of(entity, findings) is { } document
            ? Read(document, configMaps)
            : new ReadResult<Policy>(null, findings.ToList());
    }

    public static ReadResult<Policy> Read(Document document, IConfigMaps configMaps)
    {
        var findings = new Findings();
        var name = MetadataReader.Read(document, CachePolicy.KubeKind, findings);
        if (name.Name == AuthorityName)
        {
            findings.Error("name/invalid", "metadata.name",
                $"`{AuthorityName}` is what the operator's authority is called among the certificates of agents",
                "give the policy another name");
        }

        var spec = MetadataReader.Spec<CachePolicySpec>(document, findings);
        var hosts = HostReader.Read(spec);
        var origin = OriginReader.Read(spec);
        var origins = new NamedOriginReader(spec);
        var cache = WorkloadReader.Read(spec);
        var entrypoints = EntrypointReader.Read(spec);
        var personal = Personal(spec, configMaps, name.Namespace);
        var response = ResponseReader.Read(spec.Map<ResponseSpec>("response"));
        var rules = RuleReader.Read(spec, hosts, origins, response);
        origins.TellRest(origin);
        var vcl = Vcl(spec, configMaps, name.Namespace);
        var rollout = SettingsReader.Rollout(spec);
        var guard = SettingsReader.Guard(spec);
        var fallback = SettingsReader.Fallback(spec);
        var review = SettingsReader.Review(spec);
        NotYet.Tell(CachePolicy.KubeKind, document, findings);
        if (guard.OriginContract == OriginContract.Require && rollout.CanaryPods == 0)
        {
            findings.Error("guard/untried", spec.At("guard.originContract"),
                "what the origin says is demanded of a trial, and no pod tries anything: `rollout.canary.pods` is 0",
                "let one pod try each revision, or write `Warn`");
        }

        var every = origins.All.Items.Select(o => o.Origin).Prepend(origin);
        if (every.FirstOrDefault(o => IsEntry(o, entrypoints)) is { } entered)
        {
            findings.Error("entrypoint/is-origin", spec.At("entrypoints"),
                $"the Service `{entered.Service}` is {(entered == origin ? "the" : "an")} origin, and an entry that "
                    + "leads to itself reaches nobody",
                "give the entry a name of its own; the operator makes that Service, and clients are to reach it");
        }

        return ReadResult.Of(findings, () => new Policy(
            name, hosts, origin!, cache!, entrypoints, personal, rules, vcl, rollout, guard, fallback, review)
        {
            Response = response,
            Origins = origins.All,
        });
    }

    private static bool IsEntry(Origin? origin, EquatableList<Entrypoint> entrypoints) =>
        origin is not null && entrypoints.Items.Any(e => e is ServiceEntrypoint entry && entry.Name == origin.Service);

    private static PersonalData Personal(FieldReader spec, IConfigMaps configMaps, string inNamespace)
    {
        var personal = spec.Map<PersonalSpec>("personal");
        var reader = new PersonalReader(spec.Findings, configMaps, inNamespace);
        return new PersonalData(reader.Routes(personal), PersonalReader.Identity(personal));
    }

    private static VclSource? Vcl(FieldReader spec, IConfigMaps configMaps, string inNamespace)
    {
        if (spec.Has("vcl") && spec.Has("rules"))
        {
            spec.Findings.Error("field/conflict", spec.At("vcl"), "both `rules` and `vcl` are given",
                "give `rules`, from which VCL is written, or `vcl`, which is used as it is");
        }

        if (spec.Has("vcl") && spec.Has("response"))
        {
            spec.Findings.Error("field/conflict", spec.At("response"), "both `response` and `vcl` are given",
                "change responses in `vcl_deliver` of your VCL");
        }

        if (spec.IsGiven && !spec.Has("vcl") && !spec.Has("rules"))
        {
            spec.Findings.Add(Diagnostic.Warning("policy/caches-nothing", spec.At("rules"),
                "there are no rules, so that nothing is cached",
                "name what may be cached, for example `- {name: assets, match: {pathPrefix: /static}, cache: {ttl: "
                    + "1h}}`"));
        }

        return VclReader.Read(spec, configMaps, inNamespace);
    }
}
