namespace CachePolicyOperator.Entities;

/// <summary>Which requests belong to one person, and what says who asks.</summary>
public sealed class PersonalSpec : SpecPart
{
    /// <summary>Routes whose responses belong to one person; never cached, whatever the rules say.</summary>
    public IList<PersonalRouteSpec>? Routes { get; set; }

    /// <summary>What says who asks.</summary>
    public IdentitySpec? Identity { get; set; }
}

/// <summary>A personal route: exactly one of the fields.</summary>
public sealed class PersonalRouteSpec : SpecPart
{
    /// <summary>This path only.</summary>
    public string? Path { get; set; }

    /// <summary>The path and everything below it, by segments: `/mypage` and `/mypage/…`, not `/mypages`.</summary>
    public string? PathPrefix { get; set; }

    /// <summary>A path with `{parameters}`, each one segment.</summary>
    public string? Template { get; set; }

    /// <summary>Paths that contain a match of a PCRE2 regular expression; `^` and `$` anchor.</summary>
    public string? Regex { get; set; }

    /// <summary>Every operation with a security requirement of an OpenAPI description.</summary>
    public OpenApiSpec? OpenAPI { get; set; }
}

/// <summary>An OpenAPI description.</summary>
public sealed class OpenApiSpec : SpecPart
{
    /// <summary>The ConfigMap that holds it, as YAML or JSON.</summary>
    public ConfigMapKeySpec? ConfigMap { get; set; }
}

/// <summary>One key of a ConfigMap in the same namespace.</summary>
public sealed class ConfigMapKeySpec : SpecPart
{
    /// <summary>Name of the ConfigMap.</summary>
    public string? Name { get; set; }

    /// <summary>Key within its data.</summary>
    public string? Key { get; set; }
}

/// <summary>What says who asks. The header `Authorization` always counts.</summary>
public sealed class IdentitySpec : SpecPart
{
    /// <summary>Names of cookies; a `*` may end a name.</summary>
    public IList<string>? Cookies { get; set; }

    /// <summary>Names of request headers.</summary>
    public IList<string>? Headers { get; set; }

    /// <summary>Names of query parameters.</summary>
    public IList<string>? Query { get; set; }
}
