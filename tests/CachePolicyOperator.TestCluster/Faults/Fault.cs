using System.Net;

namespace CachePolicyOperator.TestCluster.Faults;

/// <summary>Something that goes wrong with the requests it fits, a number of times or until it is lifted.</summary>
public sealed class Fault
{
    private readonly Func<ProxiedRequest, bool> _fits;
    private int _times;

    private Fault(Func<ProxiedRequest, bool> fits, int times)
    {
        _fits = fits;
        _times = times;
    }

    internal HttpStatusCode? Status { get; private init; }

    internal string? Body { get; private init; }

    internal bool Refuses { get; private init; }

    internal Task? Hold { get; private init; }

    internal Func<string, string>? Rewrite { get; private init; }

    /// <summary>The server answers with this status, and a body that fits it unless one is given.</summary>
    public static Fault Answer(
        Func<ProxiedRequest, bool> fits, HttpStatusCode status, int times = int.MaxValue, string? body = null) =>
        new(fits, times) { Status = status, Body = body };

    /// <summary>The connection breaks before an answer.</summary>
    public static Fault Break(Func<ProxiedRequest, bool> fits, int times = int.MaxValue) =>
        new(fits, times) { Refuses = true };

    /// <summary>The request is held back until the task completes, then goes on.</summary>
    public static Fault Delay(Func<ProxiedRequest, bool> fits, Task until, int times = int.MaxValue) =>
        new(fits, times) { Hold = until };

    /// <summary>
    /// The body of the answer, or each line of a watch, is rewritten: for what no real server can be made to say.
    /// </summary>
    public static Fault Alter(
        Func<ProxiedRequest, bool> fits, Func<string, string> rewrite, int times = int.MaxValue) =>
        new(fits, times) { Rewrite = rewrite };

    /// <summary>From now on it does no harm.</summary>
    public void Lift() => Volatile.Write(ref _times, 0);

    internal bool Fits(ProxiedRequest request) => Volatile.Read(ref _times) > 0 && _fits(request);

    /// <summary>Counts one use; true when it was the last.</summary>
    internal bool Use() => _times != int.MaxValue && --_times <= 0;

    internal static string StatusBody(HttpStatusCode status)
    {
        var reason = status switch
        {
            HttpStatusCode.Gone => "Expired",
            HttpStatusCode.TooManyRequests => "TooManyRequests",
            HttpStatusCode.ServiceUnavailable => "ServiceUnavailable",
            _ => status.ToString(),
        };
        return $$"""{"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure","message":"injected {{reason}}","reason":"{{reason}}","code":{{(int)status}}}""";
    }
}
