using CachePolicyOperator.Core.Routes.Origins;

namespace CachePolicyOperator.Core.Model;

/// <summary>What a platform team wants cached, read and found well-formed. Not yet proven.</summary>
public sealed record Policy(
    ResourceName Name,
    EquatableList<HostName> Hosts,
    Origin Origin,
    CacheWorkload Cache,
    EquatableList<Entrypoint> Entrypoints,
    PersonalData Personal,
    EquatableList<Rule> Rules,
    VclSource? Vcl,
    RolloutSettings Rollout,
    GuardSettings Guard,
    FallbackSettings Fallback,
    ReviewSettings Review)
{
    /// <summary>What is changed of every response that no rule says anything of.</summary>
    public ResponseEdits Response { get; init; } = ResponseEdits.None;

    /// <summary>The origins that rules name, beside the default one.</summary>
    public EquatableList<NamedOrigin> Origins { get; init; } = [];

    /// <summary>How a target may be read: as the default origin does, or as one that rules name.</summary>
    public EquatableList<string> Profiles =>
        OriginProfiles.AnyOf(Origins.Items.Select(o => o.Origin.Profiles).Prepend(Origin.Profiles));
}

/// <summary>Namespace and name of a resource.</summary>
public readonly record struct ResourceName(string Namespace, string Name)
{
    public override string ToString() => $"{Namespace}/{Name}";
}

/// <summary>A DNS host name in lower case, without a port: <c>www.example.com</c>.</summary>
public readonly record struct HostName(string Value)
{
    public override string ToString() => Value;
}

/// <summary>Hand-written VCL of the team, as it was read.</summary>
/// <param name="ConfigMap">Where it comes from; null where it stands in the policy itself.</param>
/// <param name="Key">Of the text that varnishd is to load; the others are what it may include.</param>
public sealed record VclSource(string? ConfigMap, string Key, EquatableList<KeyedText> Texts);

/// <summary>A text of hand-written VCL, by its key in the ConfigMap.</summary>
public sealed record KeyedText(string Key, string Text);
