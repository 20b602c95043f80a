namespace CachePolicyOperator.TestCluster.Tests;

public sealed class RawHttpTests
{
    [Fact]
    public async Task Odd_targets_and_headers_that_come_twice_arrive_as_they_were_sent()
    {
        await using var origin = await HttpOrigin.StartAsync(_ => OriginResponse.Text("ok"));

        await RawHttp.GetAsync(origin.Port, "/a/%2e%2e/b;x?q=%00", ("Cookie", "a=1"), ("Cookie", "session=2"));

        var request = Assert.Single(origin.Requests);
        Assert.Equal("/a/%2e%2e/b;x?q=%00", request.Target);
        Assert.Equal(["a=1", "session=2"], request.Header("cookie"));
        Assert.Equal("2", request.Cookie("session"));
    }

    [Fact]
    public async Task A_response_is_read_whole_with_its_repeated_headers()
    {
        await using var origin = await HttpOrigin.StartAsync(
            _ => OriginResponse.Text("body", 201).With("Set-Cookie", "a=1").With("Set-Cookie", "b=2"));

        var response = await RawHttp.SendAsync(origin.Port, "POST", "/", ("Content-Length", "0"));

        Assert.Equal((201, "body"), (response.Status, response.Text));
        Assert.Equal(["a=1", "b=2"], response.HeaderLines("Set-Cookie"));
    }

    [Fact]
    public async Task A_response_can_be_held_back_and_another_request_answered_meanwhile()
    {
        var release = new TaskCompletionSource();
        await using var origin = await HttpOrigin.StartAsync(async (request, token) =>
        {
            if (request.Path == "/slow")
            {
                await release.Task.WaitAsync(token);
            }

            return OriginResponse.Text(request.Path);
        });

        var slow = RawHttp.GetAsync(origin.Port, "/slow");
        var fast = await RawHttp.GetAsync(origin.Port, "/fast");
        Assert.False(slow.IsCompleted);
        release.SetResult();

        Assert.Equal(("/fast", "/slow"), (fast.Text, (await slow).Text));
    }
}
