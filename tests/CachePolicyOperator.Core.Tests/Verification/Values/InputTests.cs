using CachePolicyOperator.Core.Verification.Values;

namespace CachePolicyOperator.Core.Tests.Verification.Values;

public sealed class InputTests
{
    public static TheoryData<string, string, string, string?> Variables() => new()
    {
        { "req.url", nameof(InputOwner.ClientRequest), nameof(InputKind.Variable), null },
        { "req.http.cookie", nameof(InputOwner.ClientRequest), nameof(InputKind.Field), "cookie" },
        { "req.http.x.http.y", nameof(InputOwner.ClientRequest), nameof(InputKind.Field), "x.http.y" },
        { "req.httpd", nameof(InputOwner.ClientRequest), nameof(InputKind.Variable), null },
        { "req_top.http.host", nameof(InputOwner.TopRequest), nameof(InputKind.Field), "host" },
        { "bereq.http.host", nameof(InputOwner.BackendRequest), nameof(InputKind.Field), "host" },
        { "beresp.status", nameof(InputOwner.OriginAnswer), nameof(InputKind.Variable), null },
        { "obj.http.vary", nameof(InputOwner.StoredAnswer), nameof(InputKind.Field), "vary" },
        { "resp.http.set-cookie", nameof(InputOwner.DeliveredAnswer), nameof(InputKind.Field), "set-cookie" },
        { "sess.xid", nameof(InputOwner.Session), nameof(InputKind.Variable), null },
        { "client.identity", nameof(InputOwner.Other), nameof(InputKind.Variable), null },
        { "now", nameof(InputOwner.Other), nameof(InputKind.Variable), null },
    };

    [Theory]
    [MemberData(nameof(Variables))]
    public void A_name_says_what_an_input_belongs_to(string name, string owner, string kind, string? field)
    {
        var input = Input.Of(name);

        Assert.Equal((owner, kind, field), (input.Owner.ToString(), input.Kind.ToString(), input.FieldName));
        Assert.Same(input, input.Variable);
        Assert.Same(input, Input.Of(name));
    }

    [Fact]
    public void What_is_of_a_field_is_of_the_fields_owner_and_still_another_input()
    {
        Input[] inputs = [Input.Cookie, Input.Cookie.AllLines, Input.Cookie.FoundOf(0), Input.Cookie.FoundOf(1)];

        Assert.Equal(4, inputs.Distinct().Count());
        Assert.All(inputs, i => Assert.True(i.IsOfClientField && i.Variable == Input.Cookie));
        Assert.All(inputs, i => Assert.Same(Input.Cookie.AllLines, i.AllLines));
        Assert.Equal(Input.Cookie.FoundOf(1), inputs[3]);
    }

    [Fact]
    public void No_field_of_a_client_is_taken_for_something_of_another_field() =>
        Assert.NotEqual(Input.Cookie.AllLines, Input.Of(Input.Cookie.AllLines.Name));

    [Fact]
    public void Inputs_are_in_the_order_of_their_names() =>
        Assert.Equal(
            new[] { "*", "bereq.url", "req.http.cookie", "req.http.cookie-a", "req.http.cookie;collected", "req.url" },
            new[]
            {
                Input.Url, Input.Cookie.AllLines, Input.OfClientField("cookie-a"), Input.Anything, Input.Cookie,
                Input.Of("bereq.url"),
            }.Order().Select(i => i.Name));

    [Fact]
    public void A_backend_request_has_what_the_clients_had()
    {
        Assert.Same(Input.Host, Input.OfBackendField("host").OfClientRequest);
        Assert.Same(Input.OfBackendField("host"), Input.Host.OfBackendRequest);
        Assert.Same(Input.Url, Input.Of("req_top.url").AsOfThisRequest);
        Assert.Null(Input.Url.AsOfThisRequest);
    }

    [Theory]
    [InlineData("req.http.host", true)]
    [InlineData("req.http.x-forwarded-for", true)]
    [InlineData("beresp.http.vary", true)]
    [InlineData("req.http.vary", false)]
    [InlineData("bereq.http.cache-control", false)]
    [InlineData("req.http.cookie", false)]
    public void Of_some_fields_vcl_sees_one_line(string name, bool isOneLine)
    {
        Assert.Equal(isOneLine, Input.Of(name).IsOneLine);
        Assert.True(Input.Of(name).AllLines.IsOneLine);
    }

    [Fact]
    public void A_backend_request_is_uncacheable_where_its_answer_is()
    {
        Assert.Equal(Flag.Uncacheable, Input.Of("bereq.uncacheable").Flag);
        Assert.Equal(Flag.Uncacheable, Input.Of("beresp.uncacheable").Flag);
        Assert.NotEqual(Input.Of("bereq.do_gzip").Flag, Input.Of("beresp.do_gzip").Flag);
    }
}
