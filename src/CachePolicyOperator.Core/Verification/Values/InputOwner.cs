namespace CachePolicyOperator.Core.Verification.Values;

/// <summary>What an input, or a variable of a VCL, belongs to.</summary>
internal enum InputOwner
{
    /// <summary>The VCL's own, the server's, the time's, or what is followed besides the variables of VCL.</summary>
    Other,

    /// <summary><c>req</c>.</summary>
    ClientRequest,

    /// <summary><c>req_top</c>: the request that a fragment belongs to.</summary>
    TopRequest,

    /// <summary><c>bereq</c>.</summary>
    BackendRequest,

    /// <summary><c>beresp</c>.</summary>
    OriginAnswer,

    /// <summary><c>obj</c>.</summary>
    StoredAnswer,

    /// <summary><c>resp</c>.</summary>
    DeliveredAnswer,

    /// <summary><c>sess</c>: a connection, over the requests of whoever is behind it.</summary>
    Session,
}
