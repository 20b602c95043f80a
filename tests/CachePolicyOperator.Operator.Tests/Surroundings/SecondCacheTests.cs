using CachePolicyOperator.Operator.Surroundings;

namespace CachePolicyOperator.Operator.Tests.Surroundings;

public sealed class SecondCacheTests
{
    private const string Snippet = "nginx.ingress.kubernetes.io/configuration-snippet";
    private const string AuthKey = "nginx.ingress.kubernetes.io/auth-cache-key";

    [Theory]
    [InlineData(Snippet, "proxy_cache static;\nproxy_cache_valid 200 10m;", "proxy_cache static")]
    [InlineData("nginx.ingress.kubernetes.io/server-snippet", "location /x { fastcgi_cache php; }",
        "fastcgi_cache php")]
    [InlineData("nginx.org/location-snippets", "proxy_store on;", "proxy_store on")]
    [InlineData(Snippet, "\"proxy_cache\" static;", "proxy_cache\" static")]
    [InlineData(Snippet, "add_header X-Mark \"a # b\"; proxy_cache static;", "proxy_cache static")]
    [InlineData(Snippet, "rewrite ^/a#b$ /c; proxy_cache static;", "proxy_cache static")]
    [InlineData(Snippet, "scgi_store on;", "scgi_store on")]
    [InlineData("haproxy.org/backend-config-snippet", "http-request cache-use pages", "cache-use pages")]
    [InlineData("haproxy-ingress.github.io/config-backend", "http-response cache-store pages", "cache-store pages")]
    [InlineData(AuthKey, "$request_uri", "$request_uri")]
    public void What_caches_is_told_by_its_own_words(string annotation, string value, string told) =>
        Assert.Contains(told, SecondCache.In(new Dictionary<string, string> { [annotation] = value }),
            StringComparison.Ordinal);

    [Theory]
    [InlineData(Snippet, "proxy_cache off;")]
    [InlineData(Snippet, "# proxy_cache static;")]
    [InlineData(Snippet, "gzip on; # it's not: proxy_cache static;")]
    [InlineData(Snippet, "'proxy_cache' 'off';")]
    [InlineData(Snippet, "proxy_cache_bypass $http_pragma;")]
    [InlineData(Snippet, "more_set_headers \"X-Frame-Options: DENY\";")]
    [InlineData("example.com/notes", "proxy_cache static;")]
    [InlineData(AuthKey, "$cookie_session$request_uri")]
    [InlineData(AuthKey, "$http_authorization")]
    public void What_does_not_cache_is_left_alone(string annotation, string value) =>
        Assert.Null(SecondCache.In(new Dictionary<string, string> { [annotation] = value }));
}
