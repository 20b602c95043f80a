using System.Collections.Immutable;
using CachePolicyOperator.Core.Routes.Automata;

namespace CachePolicyOperator.Core.Verification.Values;

/// <summary>How inputs arrive when nothing is known of them: the bytes that varnishd lets through.</summary>
internal sealed class InputSpace
{
    private readonly ImmutableDictionary<Input, InputFacts> _given;
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
    public InputSpace(Budget budget, ImmutableDictionary<Input, InputFacts>? given = null, bool withFragments = false)
    {
        _given = given ?? ImmutableDictionary<Input, InputFacts>.Empty;
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

    public InputFacts Of(Input input) => _given.GetValueOrDefault(input) ?? input.Kind switch
    {
        InputKind.Found => _found,
        InputKind.AllLines => IsConcrete && input.IsOfClient ? _missing : _single,
        InputKind.Field when input == Input.Host => _host,
        InputKind.Field when input.IsJoinedBefore => _single,
        InputKind.Field => IsConcrete && input.IsOfClient ? _missing : _field,
        _ when input == Input.Url || input == Input.Method => _target,
        // As the VCL says, whatever bytes it says.
        _ when input == Input.DeliveredReason || input == Input.StoredReason => _found,
        _ => _single with { MayBeAbsent = false },
    };
}
