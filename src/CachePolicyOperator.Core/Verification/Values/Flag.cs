namespace CachePolicyOperator.Core.Verification.Values;

/// <summary>
/// A fact that is true or false on a path: the truth of a variable, or the sign of one, or something that varnishd
/// does.
/// </summary>
internal sealed class Flag : Named, IEquatable<Flag>
{
    private Flag(string name, Input? variable = null)
        : base(name) => Variable = variable;

    /// <summary>The response has a positive lifetime.</summary>
    public static Flag Fresh { get; } = OfAnswer("beresp.ttl>0");

    /// <summary>The response has a lifetime of less than a second.</summary>
    public static Flag Momentary { get; } = OfAnswer("beresp.ttl<1s");

    /// <summary>The lifetime is one that the VCL made up (true), or that the origin's fields gave (false).</summary>
    public static Flag Invented { get; } = OfAnswer("beresp.ttl=invented");

    /// <summary>The response may be served stale for a time that the VCL names.</summary>
    public static Flag Stale { get; } = OfAnswer("beresp.grace>0");

    /// <summary>The origin got the body that a client sent with its GET.</summary>
    public static Flag BodySent { get; } = new("sent.body");

    /// <summary>
    /// The client's <c>Connection</c> may name any field that is sent as it came, which is then dropped.
    /// </summary>
    public static Flag Naming { get; } = new("sent.connection");

    /// <summary>varnishd parses the response for fragments.</summary>
    public static Flag ParsedForEsi { get; } = Input.Of("beresp.do_esi").Flag;

    public static Flag Uncacheable { get; } = Input.Of("beresp.uncacheable").Flag;

    /// <summary>What the origin names in <c>Vary</c> does not tell objects apart.</summary>
    public static Flag VaryIgnored { get; } = Input.Of("req.hash_ignore_vary").Flag;

    /// <summary>The backend request goes with the body of the client's, if that has one.</summary>
    public static Flag Body { get; } = Input.Of("bereq.body").Flag;

    /// <summary>The variable whose truth it is; null where it is of none.</summary>
    public Input? Variable { get; }

    /// <summary>What a way that it decides depends on: its variable, or it alone.</summary>
    public Input Source => Variable ?? Input.Of(Name);

    /// <summary>Whether it is about the origin's answer.</summary>
    public bool IsOfAnswer { get; private init; }

    /// <summary>Whether it is about what a client is answered.</summary>
    public bool IsOfResponse => Variable is { IsOfResponse: true };

    /// <summary>Whether it is about what a lookup found.</summary>
    public bool IsOfLookup { get; private init; }

    public static bool operator ==(Flag? one, Flag? other) => AreEqual(one, other);

    public static bool operator !=(Flag? one, Flag? other) => !AreEqual(one, other);

    /// <summary>The truth of a variable: varnishd keeps one for the backend request and its response.</summary>
    public static Flag OfVariable(Input variable) => variable.Name == "bereq.uncacheable"
        ? Uncacheable
        : new(variable.Name, variable)
        {
            IsOfAnswer = variable.IsOfAnswer,
            IsOfLookup = variable.Name.StartsWith("req.is_hit", StringComparison.Ordinal),
        };

    public bool Equals(Flag? other) => AreEqual(this, other);

    public override bool Equals(object? obj) => AreEqual(this, obj as Flag);

    public override int GetHashCode() => base.GetHashCode();

    private static Flag OfAnswer(string name) => new(name) { IsOfAnswer = true };
}
