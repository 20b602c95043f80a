namespace CachePolicyOperator.Core.HeaderFields;

/// <summary>What clients put into request fields, for examples that people read and varnishd is asked with.</summary>
public static class ExampleValues
{
    /// <summary>A value that a client, or who attacks, may well send in the field.</summary>
    /// <param name="field">In lower case.</param>
    /// <param name="cookie">The name of the cookie that says who asks.</param>
    public static string InRequest(string field, string cookie) => field switch
    {
        RequestFields.Cookie => $"{cookie}=1",
        RequestFields.Authorization => "Bearer 1",
        "host" => "www.example.com",
        "x-forwarded-host" or "x-forwarded-server" or "x-host" or "x-original-host" => "other.example",
        "x-forwarded-proto" or "x-forwarded-scheme" => "http",
        "x-forwarded-port" => "8080",
        "x-forwarded-prefix" or "x-original-url" or "x-rewrite-url" => "/other",
        "forwarded" => "host=other.example",
        "x-http-method-override" or "x-http-method" or "x-method-override" => "POST",
        "origin" => "https://other.example",
        "referer" => "https://other.example/",
        "accept" => "text/html",
        "accept-language" => "ja",
        "user-agent" => "Mozilla/5.0",
        _ => "1",
    };
}
