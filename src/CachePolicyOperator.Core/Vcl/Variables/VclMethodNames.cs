namespace CachePolicyOperator.Core.Vcl.Variables;

/// <summary>Names of the subroutines that varnishd calls: <c>vcl_recv</c> and so on.</summary>
public static class VclMethodNames
{
    private static readonly (VclMethods Method, string Name)[] Names =
    [
        (VclMethods.Recv, "vcl_recv"),
        (VclMethods.Pipe, "vcl_pipe"),
        (VclMethods.Pass, "vcl_pass"),
        (VclMethods.Hash, "vcl_hash"),
        (VclMethods.Purge, "vcl_purge"),
        (VclMethods.Miss, "vcl_miss"),
        (VclMethods.Hit, "vcl_hit"),
        (VclMethods.Deliver, "vcl_deliver"),
        (VclMethods.Synth, "vcl_synth"),
        (VclMethods.BackendFetch, "vcl_backend_fetch"),
        (VclMethods.BackendResponse, "vcl_backend_response"),
        (VclMethods.BackendError, "vcl_backend_error"),
        (VclMethods.BackendRefresh, "vcl_backend_refresh"),
        (VclMethods.Init, "vcl_init"),
        (VclMethods.Fini, "vcl_fini"),
    ];

    /// <summary>Every single method of the version, in the order of a request's life.</summary>
    public static IEnumerable<VclMethods> Of(EngineVersion version) =>
        Names.Select(n => n.Method).Where(m => m != VclMethods.BackendRefresh || version.Major >= 8);

    /// <summary>The method of a name, in any case; <see cref="VclMethods.None"/> for every other name.</summary>
    public static VclMethods Parse(string name) =>
        Names.FirstOrDefault(n => n.Name.Equals(name, StringComparison.OrdinalIgnoreCase)).Method;

    /// <summary>The name of a single method.</summary>
    public static string NameOf(VclMethods method) => Names.First(n => n.Method == method).Name;

    /// <summary>The names in a set, joined by commas.</summary>
    public static string Describe(VclMethods methods) => methods switch
    {
        VclMethods.All => "every subroutine",
        VclMethods.Client | VclMethods.Backend => "every client and backend subroutine",
        VclMethods.Client => "the client subroutines",
        VclMethods.Backend => "the backend subroutines",
        _ => string.Join(", ", Names.Where(n => methods.HasFlag(n.Method)).Select(n => $"`{n.Name}`")),
    };
}
