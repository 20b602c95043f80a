namespace CachePolicyOperator.Entities;

/// <summary>
/// What is changed of a response on its way to the client, whether it comes from the cache, from the origin or from a
/// rule that answers; what is stored stays as it is. Not at the levels `Bypassed` and `NoCache`.
/// </summary>
public sealed class ResponseSpec : SpecPart
{
    /// <summary>Fields that are set, each instead of what the response has of that name.</summary>
    public IList<ResponseFieldSpec>? Set { get; set; }

    /// <summary>Names of fields that are taken away.</summary>
    public IList<string>? Unset { get; set; }

    /// <summary>Which sites' scripts may read a response.</summary>
    public CorsSpec? Cors { get; set; }

    /// <summary>
    /// What browsers, and caches between them and this one, keep of a response at most, however long the origin lets
    /// this cache keep it: `NoCache`, a copy of which they ask each time whether it is still the page; `NoStore`,
    /// nothing. Unless told, what the origin says.
    /// </summary>
    public string? Browsers { get; set; }
}

/// <summary>A field of a response.</summary>
public sealed class ResponseFieldSpec : SpecPart
{
    /// <summary>
    /// Its name. Not `Set-Cookie`, `Cache-Control`, `Vary`, `Age` and others that say whose a response is, how long it
    /// lasts and what it is.
    /// </summary>
    public string? Name { get; set; }

    /// <summary>Its value: one line of printable ASCII.</summary>
    public string? Value { get; set; }
}

/// <summary>
/// Which sites' scripts may read a response (CORS), instead of what the origin says of that. It is said anew for each
/// request, with `Vary: Origin`; the cache keeps one copy for all sites, and answers preflights by itself where `match`
/// takes `OPTIONS`.
/// </summary>
public sealed class CorsSpec : SpecPart
{
    /// <summary>Sites as browsers send them, for example `https://app.example.com`; or `*` alone: all.</summary>
    public IList<string>? Origins { get; set; }

    /// <summary>Methods that a script may ask by, beside GET, HEAD and POST, which need no asking.</summary>
    public IList<string>? Methods { get; set; }

    /// <summary>Request headers that a script may send, for example `Content-Type` and `Authorization`.</summary>
    public IList<string>? Headers { get; set; }

    /// <summary>Response fields that a script may read, for example `ETag`.</summary>
    public IList<string>? Expose { get; set; }

    /// <summary>Whether a script may ask with the cookies of its user; `false` unless told.</summary>
    public bool? Credentials { get; set; }

    /// <summary>How long a browser remembers what it may ask, for example `10m`; at most a day.</summary>
    public string? MaxAge { get; set; }
}
