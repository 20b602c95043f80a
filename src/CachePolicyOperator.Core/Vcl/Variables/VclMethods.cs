namespace CachePolicyOperator.Core.Vcl.Variables;

/// <summary>The subroutines that varnishd itself calls, as a set.</summary>
[Flags]
public enum VclMethods
{
    None = 0,
    Recv = 1 << 0,
    Pipe = 1 << 1,
    Pass = 1 << 2,
    Hash = 1 << 3,
    Purge = 1 << 4,
    Miss = 1 << 5,
    Hit = 1 << 6,
    Deliver = 1 << 7,
    Synth = 1 << 8,
    BackendFetch = 1 << 9,
    BackendResponse = 1 << 10,
    BackendError = 1 << 11,

    /// <summary>Since 8.0.</summary>
    BackendRefresh = 1 << 12,

    Init = 1 << 13,
    Fini = 1 << 14,

    Client = Recv | Pipe | Pass | Hash | Purge | Miss | Hit | Deliver | Synth,
    Backend = BackendFetch | BackendResponse | BackendError | BackendRefresh,
    All = Client | Backend | Init | Fini,
}
