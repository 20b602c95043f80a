using CachePolicyOperator.Core.HeaderFields;
using CachePolicyOperator.Core.Verification.Values;

namespace CachePolicyOperator.Core.Verification.Program;

/// <summary>Names of facts that paths carry besides the variables of VCL.</summary>
internal static class TrackedVariables
{
    /// <summary>A source that stands for every input: a value that may come from anywhere.</summary>
    public const string Anything = "*";

    /// <summary>Flag: the response has a positive lifetime.</summary>
    public const string Fresh = "beresp.ttl>0";

    /// <summary>Flag: the response has a lifetime of less than a second.</summary>
    public const string Momentary = "beresp.ttl<1s";

    /// <summary>
    /// Flag: the lifetime is one that the VCL made up (true), or that the origin's fields gave (false).
    /// </summary>
    public const string Invented = "beresp.ttl=invented";

    /// <summary>Flag: the response may be served stale for a time that the VCL names.</summary>
    public const string Stale = "beresp.grace>0";

    /// <summary>Flag: the origin got the body that a client sent with its GET.</summary>
    public const string BodySent = "sent.body";

    /// <summary>
    /// Flag: the client's <c>Connection</c> may name any field that is sent as it came, which is then dropped.
    /// </summary>
    public const string Naming = "sent.connection";

    /// <summary>Flag: varnishd parses the response for fragments.</summary>
    public const string ParsedForEsi = "beresp.do_esi";

    public const string Status = "beresp.status";

    public const string Reason = "beresp.reason";

    /// <summary>Variable: the statement that answers a backend request instead of sending it.</summary>
    public const string Refusal = "sent.refusal";

    /// <summary>Variable: what the VCL itself puts into the body of a response.</summary>
    public const string Body = "beresp.body";

    /// <summary>
    /// Variable: the cookies that vmod cookie holds for the request, or for the backend request, as
    /// <see cref="CookieMaps"/> write them.
    /// </summary>
    public const string Jar = "cookie.jar";

    /// <summary>
    /// Variable: the cookies that vmod cookie holds where an answer is looked at, if the VCL asks for them there.
    /// </summary>
    public const string AnswersJar = "bereq.cookies";

    /// <summary>What a VCL says of who asks: the backend's subroutines read it, and no origin is sent it.</summary>
    public const string Client = "client.identity";

    public const string Uncacheable = "beresp.uncacheable";

    /// <summary>Flag: what the origin names in <c>Vary</c> does not tell objects apart.</summary>
    public const string VaryIgnored = "req.hash_ignore_vary";

    /// <summary>
    /// The fields in which a request says how long its body is: varnishd writes them anew when it has read the body.
    /// </summary>
    public static readonly string[] BodyLength = [.. RequestFields.BodyLength.Select(f => "req.http." + f)];

    /// <summary>The flag that a variable reads: varnishd keeps one for the backend request and its response.</summary>
    public static string FlagOf(string variable) => variable == "bereq.uncacheable" ? Uncacheable : variable;
}
