using CachePolicyOperator.Core.Diagnostics;
using CachePolicyOperator.Entities.Documents;
using CachePolicyOperator.Entities.OpenApi;

namespace CachePolicyOperator.Entities.Tests.OpenApi;

public sealed class OpenApiRoutesTests
{
    [Fact]
    public void An_operation_is_personal_by_its_own_requirement_or_by_the_general_one()
    {
        Assert.Equal(["/a", "/c", "/optional"], Routes("""
            openapi: 3.0.3
            security: [{login: []}]
            paths:
              /a: {get: {responses: {}}}
              /b: {get: {security: [], responses: {}}, post: {security: [], responses: {}}}
              /c: {get: {security: [], responses: {}}, delete: {security: [{other: []}], responses: {}}}
              /optional: {get: {security: [{}, {login: []}], responses: {}}}
              /anonymous: {get: {security: [{}], responses: {}}}
              x-internal: {get: {}}
            """));
    }

    [Fact]
    public void Unknown_methods_are_operations() =>
        Assert.Equal(["/a", "/b"], Routes("""
            openapi: 3.2.0
            security: [{login: []}]
            paths:
              /a: {query: {responses: {}}, summary: s, parameters: []}
              /b: {additionalOperations: {COPY: {responses: {}}}}
            """));

    [Theory]
    [InlineData("[{url: https://www.example.com/v1}, {url: /v2/}]", "/v1/a", "/v2/a")]
    [InlineData("[{url: 'https://{tenant}.example.com', variables: {tenant: {default: t}}}]", "/a")]
    [InlineData("[{url: 'https://e.com/{version}', variables: {version: {enum: [v1, v2], default: v1}}}]", "/v1/a",
        "/v2/a")]
    [InlineData("[{url: 'https://e.com/{base}', variables: {base: {default: x/y}}}]", "/x/y/a", "/{base}/a")]
    [InlineData("[{url: ./v1/../v3}]", "/v3/a")]
    [InlineData("[{url: //e.com/v1}]", "/v1/a")]
    [InlineData("[{url: '{scheme}://e.com/v1', variables: {scheme: {default: https}}}]", "/v1/a")]
    [InlineData("[{url: /v1//inner}, {url: 'v2//inner'}]", "/v1/inner/a", "/v2/inner/a")]
    [InlineData("[]", "/a")]
    public void Base_paths_of_servers_come_first(string servers, params string[] routes) =>
        Assert.Equal(routes, Routes($$"""
            openapi: 3.0.3
            servers: {{servers}}
            security: [{login: []}]
            paths:
              /a:
                get: {}
            """));

    [Fact]
    public void Servers_of_an_operation_count_before_those_of_the_path_and_of_all() =>
        Assert.Equal(["/of-operation/a", "/of-path/a"], Routes("""
            openapi: 3.0.3
            servers: [{url: /of-all}]
            security: [{login: []}]
            paths: {/a: {servers: [{url: /of-path}], get: {servers: [{url: /of-operation}]}, post: {}}}
            """));

    [Fact]
    public void Swagger_2_has_a_base_path() =>
        Assert.Equal(["/api/pets/{id}"], Routes("""
            {"swagger": "2.0", "basePath": "/api", "paths": {"/pets/{id}": {"get": {"security": [{"key": []}]}}}}
            """));

    [Theory]
    [InlineData("/users/{id}:archive", "/users/{any}")]
    [InlineData("/report.{format}", "/{any}")]
    [InlineData("/a%20b/c", "/{any}/c")]
    [InlineData("/a/{id}?x={y}", "/a/{id}")]
    [InlineData("/a/", "/a/")]
    public void What_a_template_cannot_say_is_widened_to_a_segment(string path, string route) =>
        Assert.Equal([route],
            Routes("{openapi: 3.0.0, security: [{l: []}], paths: {'PATH': {get: {}}}}".Replace("PATH", path,
            StringComparison.Ordinal)));

    [Fact]
    public void A_reference_within_the_text_is_followed() =>
        Assert.Equal(["/a"], Routes("""
            openapi: 3.1.0
            security: [{login: []}]
            paths: {/a: {$ref: '#/components/pathItems/an~1item'}}
            components: {pathItems: {an/item: {get: {}}}}
            """));

    [Theory]
    [InlineData("{openapi: 3.0.0, paths: {/a: {$ref: 'other.yaml#/a'}}}", "openapi/reference")]
    [InlineData("{openapi: 3.0.0, paths: {/a: {$ref: '#/paths/~1a'}}}", "openapi/reference")]
    [InlineData("{openapi: 4.0.0, paths: {}}", "openapi/version")]
    [InlineData("{paths: {}}", "openapi/version")]
    [InlineData("{openapi: 3.0.0, paths: {a: {}}}", "openapi/invalid")]
    [InlineData("{openapi: 3.0.0, paths: []}", "openapi/invalid")]
    [InlineData("{openapi: 3.0.0, paths: {/a: {get: x}}}", "openapi/invalid")]
    [InlineData("{openapi: 3.0.0, paths: {/a: {get: {security: yes}}}}", "openapi/invalid")]
    [InlineData("{openapi: 3.0.0, paths: {/a: {get: {security: [x]}}}}", "openapi/invalid")]
    [InlineData("just text", "openapi/invalid")]
    [InlineData("a: [", "yaml/syntax")]
    public void What_is_not_understood_is_an_error(string text, string code)
    {
        var (_, findings) = Read(text);

        Assert.Equal((code, Severity.Error, "spec.routes[0].openAPI"),
            (findings[0].Code, findings[0].Severity, findings[0].Path));
        Assert.NotNull(findings[0].Help);
    }

    [Fact]
    public void A_description_that_secures_nothing_is_warned_of()
    {
        var (_, findings) = Read("{openapi: 3.0.0, paths: {/a: {get: {}}}}");

        Assert.Equal(("openapi/nothing-secured", Severity.Warning), (findings[0].Code, findings[0].Severity));
    }

    private static string[] Routes(string text)
    {
        var (routes, findings) = Read(text);
        Assert.Empty(findings);
        return routes;
    }

    private static (string[] Routes, Diagnostic[] Findings) Read(string text)
    {
        var findings = new Findings();
        var routes = OpenApiRoutes.Read(text, "openapi.yaml", "spec.routes[0].openAPI", findings);
        return ([.. routes.Select(r => r.Template).Order(StringComparer.Ordinal)], [.. findings.ToList().Items]);
    }
}
