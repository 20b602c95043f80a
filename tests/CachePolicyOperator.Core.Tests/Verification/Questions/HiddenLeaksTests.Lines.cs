using CachePolicyOperator.Core.Verification;

namespace CachePolicyOperator.Core.Tests.Verification.Questions;

/// <summary>A field that comes in several lines: varnishd reads the first, and the origin gets them all.</summary>
public sealed partial class HiddenLeaksTests
{
    private const string HashKey = "sub vcl_hash { hash_data(req.url); hash_data(req.http.host); "
        + "hash_data(req.http.X-Api-Key); return (lookup); }";

    [Fact]
    public void The_first_line_of_a_carrier_in_the_key_does_not_tell_the_others_apart() =>
        Assert.Equal(VerdictKind.Refuted, Verify(KeyedByKey("") + HashKey).Kind);

    [Fact]
    public void A_carrier_whose_lines_are_collected_is_whole_in_the_key() =>
        Assert.Equal(VerdictKind.Proven, Verify(KeyedByKey("std.collect(req.http.X-Api-Key);") + HashKey).Kind);

    [Fact]
    public void What_is_made_of_the_first_line_does_not_stand_for_a_carrier_that_is_sent_whole() =>
        Assert.Equal(VerdictKind.Refuted,
            Verify(KeyedByKey("set req.http.X-Copy = req.http.X-Api-Key;")
            + HashKey.Replace("req.http.X-Api-Key", "req.http.X-Copy", StringComparison.Ordinal)).Kind);

    private static string KeyedByKey(string collected) =>
        Assets(collected).Replace(" || req.http.X-Api-Key", "", StringComparison.Ordinal);
}
