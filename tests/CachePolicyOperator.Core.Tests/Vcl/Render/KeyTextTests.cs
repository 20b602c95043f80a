using CachePolicyOperator.Core.Vcl.Render;

namespace CachePolicyOperator.Core.Tests.Vcl.Render;

public sealed class KeyTextTests
{
    [Fact]
    public void The_scheme_stands_in_the_first_part() =>
        Assert.Equal(["scheme: https", "host: a", "url: /"], KeyText.Of(["cachepolicy https", "a", "/"]));

    [Fact]
    public void Every_part_of_a_key_stands_behind_its_tag() => Assert.Equal(
        ["scheme: none", "host: www.example.com", "url: /", "header accept: present",
            "header accept-language: (absent)", "header x-a: "],
        KeyText.Of(
        [
            "cachepolicy", "www.example.com", "/", "header accept", "present", "present",
            "header accept-language", "absent", "header x-a", "present", "",
        ]));
}
