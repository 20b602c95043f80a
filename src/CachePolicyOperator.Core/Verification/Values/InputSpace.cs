using System.Collections.Immutable;
using CachePolicyOperator.Core.Routes.Automata;

namespace CachePolicyOperator.Core.Verification.Values;

/// <summary>How inputs arrive when nothing is known of them: the bytes that varnishd lets through.</summary>
internal sealed class InputSpace
{
    private readonly ImmutableDictionary<string, InputFacts> _given;
    private readonly InputFacts _target;
    private readonly InputFacts _host;
    private readonly InputFacts _field;
    private readonly InputFacts _single;
    private readonly InputFacts _found = new(false, Language.All, false);
    private readonly InputFacts _missing = new(true, Language.Empty, false);

    /// <param name="given">
    /// The inputs of one concrete request, which carries no other header field than these and Host; null: any request.
    /// </param>
    /// <param name="withFragments">Whether pages may be parsed for fragments.</param>
    public InputSpace(Budget budget, ImmutableDictionary<string, InputFacts>? given = null, bool withFragments = false)
    {
        _given = given ?? ImmutableDictionary<string, InputFacts>.Empty;
        var values = Language.OneOf(InputBytes.OfValues).Star(budget);
        _target = new InputFacts(false, Language.OneOf(withFragments ? InputBytes.OfFragments : InputBytes.OfTargets)
            .Plus(budget), false);
        _field = new InputFacts(true, values, true);
        _single = new InputFacts(true, values, false);
        _host = withFragments
            ? new InputFacts(true, Language.OneOf(InputBytes.OfValues | InputBytes.OfFragments).Star(budget), false)
            : _single;
        Values = values;
        Budget = budget;
    }

    public Budget Budget { get; }

    /// <summary>Whether there is one request alone.</summary>
    public bool IsConcrete => _given.Count > 0;

    /// <summary>Every value that a header field can have.</summary>
    public Language Values { get; }

    /// <summary>Every request target.</summary>
    public Language Targets => _target.Value;

    public InputFacts Of(string input) => _given.GetValueOrDefault(input) ?? input switch
    {
        "req.url" => _target,
        "req.method" => _target,
        _ when InputNames.IsFound(input) => _found,
        // As the VCL says, whatever bytes it says.
        "resp.reason" or "obj.reason" => _found,
        "req.http.host" => _host,
        _ when InputNames.IsJoinedBefore(input) => _single,
        _ when input.EndsWith(InputNames.Collected, StringComparison.Ordinal) =>
            IsConcrete && input.StartsWith("req.", StringComparison.Ordinal) ? _missing : _single,
        _ when input.StartsWith("req.http.", StringComparison.Ordinal) && IsConcrete => _missing,
        _ when input.Contains(".http.", StringComparison.Ordinal) => _field,
        _ => _single with { MayBeAbsent = false },
    };
}
