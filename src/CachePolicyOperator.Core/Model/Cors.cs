namespace CachePolicyOperator.Core.Model;

/// <summary>Which sites' scripts may read a response (cross-origin resource sharing).</summary>
/// <param name="Origins">As browsers send them, <c>https://app.example.com</c>; or <see cref="Anybody"/> alone.</param>
/// <param name="Methods">What a script may ask by.</param>
/// <param name="Headers">Request fields that a script may send.</param>
/// <param name="Exposed">Response fields that a script may read.</param>
/// <param name="Credentials">Whether a script may ask with the cookies of its user.</param>
/// <param name="MaxAge">How long a browser remembers what it may ask; null: for as long as it likes.</param>
public sealed record Cors(
    EquatableList<string> Origins,
    EquatableList<string> Methods,
    EquatableList<string> Headers,
    EquatableList<string> Exposed,
    bool Credentials,
    Duration? MaxAge)
{
    /// <summary>Every site.</summary>
    public const string Anybody = "*";

    /// <summary>Whether every site gets the same answer.</summary>
    public bool IsForAnybody => Origins.Contains(Anybody);
}
