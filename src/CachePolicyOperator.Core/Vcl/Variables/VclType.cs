namespace CachePolicyOperator.Core.Vcl.Variables;

/// <summary>The types of VCL, by the names that the documentation of Varnish gives them.</summary>
public enum VclType
{
    /// <summary>Not known to us: a vmod's own type, or the value of an unknown function.</summary>
    Unknown,

    Acl,
    Backend,
    Blob,
    Body,
    Bool,
    Bytes,
    Duration,

    /// <summary>ENUM: one of the words that a vmod lists.</summary>
    Enumeration,

    /// <summary>A header field; its value reads as a string, or as absent.</summary>
    Header,

    Http,

    /// <summary>INT</summary>
    WholeNumber,

    Ip,
    Probe,

    /// <summary>REAL</summary>
    RealNumber,

    Regex,
    Stevedore,

    /// <summary>STRING, STRANDS</summary>
    Text,

    Sub,
    Time,
    Vcl,
    Void,

    /// <summary>An object that <c>new</c> made.</summary>
    Instance,
}
