using CachePolicyOperator.Core.HeaderFields;
using CachePolicyOperator.Core.Model;

namespace CachePolicyOperator.Core.Vcl.Render;

/// <summary>Everything the sections of a rendered VCL need to know, decided once.</summary>
/// <param name="Keys">The rules by what they say of a request.</param>
/// <param name="Stores">The rules by what they say of an answer.</param>
internal sealed record RenderPlan(
    PolicySet Policies,
    RenderTarget Target,
    KeyRules Keys,
    EquatableList<RuleGroup<Storing>> Stores,
    IReadOnlyList<string> PersonalPaths,
    IdentityCarriers Identity)
{
    /// <summary>What rules that do not pass say of an answer.</summary>
    public IReadOnlyList<Storing> Storings { get; } =
        [.. Stores.Items.Select(g => g.Does).OfType<Storing>().Distinct()];

    /// <summary>The lists of fields that some rule lets an answer vary by.</summary>
    public IReadOnlyList<EquatableList<string>> VaryLists { get; } =
        [.. Stores.Items.Select(g => g.Does).OfType<Storing>().Select(s => s.Varying).Distinct()];

    /// <summary>What rules change of responses, other than what is changed of all.</summary>
    public IReadOnlyList<ResponseEdits> Edits { get; } =
        ResponseSection.NumberedOf(Policies.Policy);

    /// <summary>Whether anything is changed of any response.</summary>
    public bool IsEditing { get; } = EditsOf(Policies.Policy).Any();

    /// <summary>Whether the site whose script asks makes a difference.</summary>
    public bool AnswersCors { get; } = EditsOf(Policies.Policy).Any(e => e.Cors is not null);

    /// <summary>The origins that some rule names.</summary>
    public IReadOnlyList<NamedOrigin> Origins { get; } = OriginSection.NamedIn(Policies.Policy);

    /// <summary>Whether each request is asked for its rule, also one that cannot be looked up.</summary>
    public bool AsksEveryRequest =>
        Keys.Answers.Count > 0 || Edits.Count > 0 || PipeSection.IsUpgrading(Policies.Policy)
            || OriginSection.IsByRule(Policies.Policy);

    /// <summary>The variables of the VCL, which are header fields.</summary>
    public IReadOnlyList<string> Variables { get; } =
    [
        .. InternalHeaders.Always,
        .. QuerySection.VariablesOf(Keys),
        .. Keys.ChosenFields.Take(1).Select(_ => InternalHeaders.Kept),
        .. Keys.ChosenFields.Select(InternalHeaders.Was),
        .. Keys.ChosenFields.Take(1).Select(_ => InternalHeaders.Chosen),
        .. EditsOf(Policies.Policy).Take(1).Select(_ => InternalHeaders.Response),
        .. EditsOf(Policies.Policy).Where(e => e.Cors is not null).Take(1).Select(_ => InternalHeaders.Origin),
        .. Policies.Policy.Rules.Items.Where(r => r.Origin is not null).Take(1).Select(_ => InternalHeaders.Backend),
    ];

    /// <summary>Header fields that say who asks: a request with one of them is passed.</summary>
    public IReadOnlyList<string> IdentityHeaders { get; } =
        [.. RequestFields.Authorizations.Concat(Identity.Headers.Items).Select(h => h.ToLowerInvariant()).Distinct()];

    /// <summary>Header fields of which rules ask whether a request brings them; in lower case.</summary>
    public IReadOnlyList<string> AskedHeaders { get; } =
    [
        .. Policies.Policy.Rules.Items.SelectMany(r => r.Match.Request.Headers.Items)
            .Concat(Keys.Bypasses.SelectMany(b => b.Headers.Items)).Select(h => h.Name)
            .Distinct().Order(StringComparer.Ordinal),
    ];

    private static IEnumerable<ResponseEdits> EditsOf(Policy policy) =>
        policy.Rules.Items.Select(r => r.Response).Append(policy.Response).Where(e => e != ResponseEdits.None);

    public static RenderPlan Of(PolicySet policies, RenderTarget target) => new(
        policies,
        target,
        KeyRules.Of(policies.Policy.Rules),
        RuleGroups.ByStoring(policies.Policy.Rules),
        PathConditions.Of(policies.PersonalRoutes.Select(r => r.Pattern),
            RouteTails.OfPersonalRoutes(policies.Policy.Profiles)),
        policies.Identity);
}
