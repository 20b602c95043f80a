using CachePolicyOperator.Core.Model;

namespace CachePolicyOperator.Core.Verification.Policies;

/// <summary>A personal route and who declared it.</summary>
/// <param name="DeclaredBy">The <c>PersonalRoutes</c> that binds; null: the policy itself.</param>
internal sealed record DeclaredRoute(PersonalRoute Route, ResourceName? DeclaredBy)
{
    public static EquatableList<DeclaredRoute> AllOf(PolicySet policies) =>
        policies.Policy.Personal.Routes.Items.Select(r => new DeclaredRoute(r, null))
            .Concat(policies.Binding.Items.SelectMany(b =>
                b.Personal.Routes.Items.Select(r => new DeclaredRoute(r, b.Name))))
            .ToEquatableList();

    public override string ToString() => DeclaredBy is { } owner
        ? $"the personal route `{Route.Pattern}` ({Route.Path} of PersonalRoutes `{owner}`)"
        : $"the personal route `{Route.Pattern}` ({Route.Path})";
}
