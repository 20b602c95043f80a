using CachePolicyOperator.Core.HeaderFields;

namespace CachePolicyOperator.Core.Tests.HeaderFields;

public sealed class CatalogueTests
{
    private static readonly string[] Names =
    [
        .. ForwardedFields.All, .. RequestFields.Edge, .. RequestFields.Preferences, .. RequestFields.Harmless,
        .. RequestFields.Dropped, .. RequestFields.Credentials, .. RequestFields.NeverNamed, .. RequestFields.OneLine,
        .. RequestFields.BodyLength, .. ResponseFields.Judged, .. ResponseFields.OneLine, .. ResponseFields.OfOwner,
    ];

    [Fact]
    public void Every_name_is_in_lower_case() =>
        Assert.All(Names, name => Assert.Equal(name.ToLowerInvariant(), name));

    // The scheme is in the key, and written anew.
    [Fact]
    public void What_the_proof_asks_of_a_fetch_is_removed_by_what_we_render() =>
        Assert.Empty(RequestFields.Edge.Concat(RequestFields.Preferences).Concat(RequestFields.Credentials)
            .Except(ForwardedFields.All).Except(["x-forwarded-proto"]));

    [Fact]
    public void What_nobody_looks_for_is_no_edge_preference_or_credential() =>
        Assert.Empty(RequestFields.NeverUnkeyed.Intersect(
            [.. RequestFields.Edge, .. RequestFields.Preferences, .. RequestFields.Credentials]));

    [Fact]
    public void What_varnishd_writes_for_a_refresh_it_does_not_take_from_the_client() =>
        Assert.Subset(RequestFields.Dropped.ToHashSet(), RequestFields.Conditional.ToHashSet());

    [Fact]
    public void What_says_whose_an_answer_is_is_judged() =>
        Assert.Subset(
            ResponseFields.Judged.ToHashSet(),
            ResponseFields.OfOwner.Concat(ResponseFields.OneLine).ToHashSet());
}
