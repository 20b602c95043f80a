using System.Text;
using CachePolicyOperator.Agent.Guard;
using CachePolicyOperator.Agent.SharedLog;
using CachePolicyOperator.Agent.Tests.Support;

namespace CachePolicyOperator.Agent.Tests.Guard;

public sealed class PseudonymsTests
{
    private readonly Pseudonyms _pseudonyms = new(Vcl.Guard());

    [Theory]
    [InlineData("/", "Cookie: session=alice")]
    [InlineData("/", "COOKIE: a=b; session=\"alice\"")]
    [InlineData("/", "Authorization: Basic YWxpY2U6")]
    [InlineData("/", "X-API-Key: alice")]
    [InlineData("/?access_token=alice")]
    [InlineData("/?a=b&access%5Ftoken=alice")]
    public void Each_carrier_tells_who_asked(string target, params string[] headers) =>
        Assert.NotNull(Identity(target, headers));

    [Theory]
    [InlineData("/")]
    [InlineData("/access_token=alice")]
    [InlineData("/", "Cookie: Session=alice; xsession=bob", "X-Other: session=alice", "Accept: */*")]
    public void What_is_no_carrier_tells_nothing(string target, params string[] headers) =>
        Assert.Null(Identity(target, headers));

    [Fact]
    public void The_same_person_has_the_same_hash_whatever_the_order_and_the_page()
    {
        var one = Identity("/a", "Cookie: session=alice; theme=dark", "X-Api-Key: k");

        Assert.Equal(one, Identity("/b", "x-api-key:  k ", "cookie: lang=en;session=\"alice\""));
    }

    [Fact]
    public void Another_value_another_carrier_and_another_key_make_another_hash()
    {
        var other = new Pseudonyms(Vcl.Guard() with
        {
            IdentityKey = Convert.ToBase64String(Enumerable.Repeat((byte)8, Pseudonyms.KeyLength).ToArray()),
        });
        string?[] all =
        [
            Identity("/", "Cookie: session=alice"),
            Identity("/", "Cookie: session=bob"),
            Identity("/", "X-Api-Key: alice"),
            Identity("/?access_token=alice"),
            Identity("/", "Cookie: session=alice", "X-Api-Key: alice"),
            other.Identity(Request("/", "Cookie: session=alice")),
        ];

        Assert.Equal(all.Length, all.Distinct().Count());
    }

    [Fact]
    public void What_one_carrier_holds_is_never_taken_for_another_carrier()
    {
        var two = new Pseudonyms(Vcl.Guard() with { Identity = new Core.Model.IdentityCarriers(["a", "b"], [], []) });

        Assert.NotEqual(
            two.Identity(Request("/", "Cookie: a=1; b=2")), two.Identity(Request("/", "Cookie: a=1cookie b2")));
    }

    [Fact]
    public void A_key_of_another_length_is_refused() =>
        Assert.Throws<FormatException>(() => new Pseudonyms(Vcl.Guard() with { IdentityKey = "c2hvcnQ=" }));

    private static ClientTransaction Request(string target, params string[] headers)
    {
        var request = new ClientTransaction();
        request.Begin(1, continues: null);
        request.Read(LogTag.ReqURL, Encoding.Latin1.GetBytes(target));
        foreach (var header in headers)
        {
            request.Read(LogTag.ReqHeader, Encoding.Latin1.GetBytes(header));
        }

        return request;
    }

    private string? Identity(string target, params string[] headers) => _pseudonyms.Identity(Request(target, headers));
}
