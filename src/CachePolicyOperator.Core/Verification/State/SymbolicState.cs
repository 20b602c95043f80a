using System.Collections.Immutable;
using CachePolicyOperator.Core.HeaderFields;
using CachePolicyOperator.Core.Routes.Automata;
using CachePolicyOperator.Core.Vcl.Syntax;
using CachePolicyOperator.Core.Verification.Program;
using CachePolicyOperator.Core.Verification.Values;

namespace CachePolicyOperator.Core.Verification.State;

/// <summary>
/// The state of one way through the VCL so far: its path condition, what the variables hold, and what decided it.
/// </summary>
internal sealed record SymbolicState
{
    /// <summary>
    /// What must hold of each input for the way to be taken; one that is not here is as <see cref="InputSpace"/> says.
    /// </summary>
    public VariableMap<Input, InputFacts> PathCondition { get; init; } = VariableMap<Input, InputFacts>.Empty;

    /// <summary>Header fields that are not as they arrived, by variable name (<c>req.http.cookie</c>).</summary>
    public VariableMap<Input, Field> Fields { get; init; } = VariableMap<Input, Field>.Empty;

    /// <summary>String variables that are not as they arrived (<c>req.url</c>).</summary>
    public VariableMap<Input, Text> Strings { get; init; } = VariableMap<Input, Text>.Empty;

    private VariableMap<Input, Field>? SentFields { get; init; }

    private VariableMap<Input, Text>? SentStrings { get; init; }

    /// <summary>
    /// Truth of conditions that nothing we model decides, by their text: the same question has the same answer.
    /// </summary>
    public VariableMap<Question, bool> Assumed { get; init; } = VariableMap<Question, bool>.Empty;

    /// <summary>
    /// Inputs that decided which way was taken although <see cref="PathCondition"/> does not tell how: they flow
    /// implicitly into whatever is done on it.
    /// </summary>
    public ImmutableHashSet<Input> ImplicitInputs { get; init; } = [];

    /// <summary>Truth of <c>BOOL</c> variables and signs of durations that were set or tested.</summary>
    public VariableMap<Flag, bool> Flags { get; init; } = VariableMap<Flag, bool>.Empty;

    /// <summary>What <c>hash_data</c> was given, in order.</summary>
    public ImmutableList<Text> Key { get; init; } = [];

    public int Restarts { get; init; }

    /// <summary>How often the backend request was tried again.</summary>
    public int Retries { get; init; }

    /// <summary>Statements that decided, newest last.</summary>
    public ImmutableList<SourceSpan> Trace { get; init; } = [];

    /// <summary>Everything that ran or was decided, newest first.</summary>
    public ExecutionStep? LastStep { get; init; }

    /// <summary>The first place where more was assumed possible than is; null where the state is exact.</summary>
    public OverApproximation? Approximation { get; init; }

    /// <summary>How many unknown values were made on the way; numbers them.</summary>
    public int Unknowns { get; init; }

    public SymbolicState Visiting(SourceSpan place, StepKind kind = StepKind.Done) =>
        this with { Trace = Trace.Add(place), LastStep = new ExecutionStep(place, kind, LastStep) };

    /// <summary>
    /// Remembers a statement that ran, or a condition that did not hold, for whoever tells the story.
    /// </summary>
    public SymbolicState Noting(SourceSpan place, StepKind kind = StepKind.Done) =>
        this with { LastStep = new ExecutionStep(place, kind, LastStep) };

    public SymbolicState Approximated(OverApproximation? why) =>
        Approximation is null && why is not null ? this with { Approximation = why } : this;

    /// <summary>Remembers that the way depends on inputs.</summary>
    public SymbolicState DecidedBy(IEnumerable<Input> inputs) =>
        this with { ImplicitInputs = ImplicitInputs.Union(inputs) };

    public SymbolicState With(Input variable, Field field) => this with { Fields = Fields.SetItem(variable, field) };

    public SymbolicState With(Input variable, Text value) => this with { Strings = Strings.SetItem(variable, value) };

    public SymbolicState WithFlag(Flag flag, bool value) => this with { Flags = Flags.SetItem(flag, value) };

    /// <summary>Forgets answers that a changed variable may change.</summary>
    public SymbolicState Forgetting(Input variable)
    {
        // A private object stays private.
        var flags = variable.Flag == Flag.Uncacheable ? Flags : Flags.Remove(variable.Flag);
        var assumed = Assumed.Without(q => q.Mentions(variable.Name));
        return ReferenceEquals(flags, Flags) && ReferenceEquals(assumed, Assumed) ? this
            : this with { Flags = flags, Assumed = assumed };
    }

    /// <summary>The field as it is now. A backend request begins as a copy of the client's.</summary>
    public Field FieldOf(Input variable)
    {
        var field = Fields.GetValueOrDefault(variable)
            ?? (variable.IsOfBackendRequest ? FieldOf(variable.OfClientRequest) : new InputField(variable));
        return field is InputField { Input: var input } && variable.IsOfBackendRequest
            && Flags.GetValueOrDefault(Flag.Naming)
            && !ForwardingRules.IsNeverNamed(input)
                && PathCondition.GetValueOrDefault(input) is not { MayBePresent: false }
                ? new AnyField(new AnyText(Language.All, [input], ForwardingRules.Named, UnknownId.Named))
                : field;
    }

    /// <summary>The string variable as it is now.</summary>
    public Text TextOf(Input variable) =>
        Strings.GetValueOrDefault(variable)
            ?? (variable.IsOfBackendRequest ? TextOf(variable.OfClientRequest)
            : variable == TrackedVariables.Jar ? Text.Empty
            : new InputText(variable));

    /// <summary>
    /// With the client's request as it came: what varnishd joined or added before <c>vcl_recv</c> is gone, too.
    /// </summary>
    public SymbolicState RolledBack() => this with
    {
        Fields = Fields.Without(name => name.IsOfClient && !IsMeasured(name))
            .SetItems(JoinedBefore.Select((name, i) => KeyValuePair.Create(
            name, (Field)new AnyField(
                new AnyText(Language.All, new([name]),
                new OverApproximation(default, "a rollback brings back what varnishd joined"),
                UnknownId.Next(Unknowns + i)))))),
        Strings = WithoutCookies(WithoutMemory(Strings.Without(name => name.IsOfRequestLine)),
            Unknowns + JoinedBefore.Length),
        Assumed = VariableMap<Question, bool>.Empty,
        Unknowns = Unknowns + JoinedBefore.Length + 1,
    };

    // Whether varnishd wrote the field when it read the body: no rollback takes that back.
    private bool IsMeasured(Input field) => TrackedVariables.BodyLength.Contains(field) && FieldOf(field) is AnyField;

    // Typed variables stay as they were set. So does the client's identity, but where it was written something else
    // will be.
    private static VariableMap<Input, Text> WithoutMemory(VariableMap<Input, Text> strings) =>
        strings.GetValueOrDefault(TrackedVariables.Client) is not (null or ConstantText)
            ? strings.SetItem(TrackedVariables.Client, new AnyText(
                Language.All, [Input.Anything],
                new OverApproximation(default, "what `client.identity` reads after a rollback is not modelled"),
                UnknownId.ClientRolledBack))
            : strings;

    // A rollback frees what vmod cookie holds. In the same subroutine varnishd 7.1 goes on reading it there, and mostly
    // ends by that.
    private static VariableMap<Input, Text> WithoutCookies(VariableMap<Input, Text> strings, int number) =>
        strings.TryGetValue(TrackedVariables.Jar, out var jar) && jar != Text.Empty
            ? strings.SetItem(TrackedVariables.Jar, new AnyText(
                Language.All, jar.Taint.Distinct().Order().ToEquatableList(),
                new OverApproximation(default, "what vmod cookie reads after a rollback is not modelled"),
                UnknownId.Next(number)))
            : strings;

    /// <summary>
    /// Without what is known of a response to the client and of a stored object: the next ones are others.
    /// </summary>
    public SymbolicState ForNextResponse() => this with
    {
        ImplicitInputs = ImplicitInputs.Union(PathCondition.Keys.Concat(Flags.Keys.Select(f => f.Variable))
            .OfType<Input>().Where(i => i.IsOfResponse)),
        PathCondition = PathCondition.Without(i => i.IsOfResponse),
        Fields = Fields.Without(v => v.IsOfResponse),
        Strings = Strings.Without(v => v.IsOfResponse),
        Flags = Flags.Without(f => f.IsOfResponse),
        Assumed = Assumed.Without(q => q.Mentions("resp.") || q.Mentions("obj.")),
    };

    /// <summary>Without what was assumed of a lookup before there was one.</summary>
    public SymbolicState ForLookup() => this with
    {
        Flags = Flags.Without(f => f.IsOfLookup),
        Assumed = Assumed.Without(q => q.Mentions("req.is_hit") || q.Mentions("req.hash")),
    };

    /// <summary>As a backend request begins: with no cookies that vmod cookie parsed of the client's request.</summary>
    public SymbolicState ForBackend() =>
        Strings.ContainsKey(TrackedVariables.Jar) ? this with { Strings = Strings.Remove(TrackedVariables.Jar) } : this;

    /// <summary>
    /// With the request as a backend request; what it was as a client's request is gone, for nothing behind a fetch
    /// sees it.
    /// </summary>
    public SymbolicState AsBackendRequest()
    {
        Input[] fields = [.. Fields.Keys.Where(v => v.IsOfClientField)];
        Input[] strings = [.. Strings.Keys.Where(v => v.IsOfRequestLine)];
        return this with
        {
            Fields = Fields.RemoveRange(fields)
                .SetItems(fields.Select(v => (Client: v, Sent: FieldOf(v.OfBackendRequest)))
                    .Where(f => f.Sent != new InputField(f.Client))
                    .Select(f => KeyValuePair.Create(f.Client.OfBackendRequest, f.Sent))),
            Strings = Strings.RemoveRange(strings).Remove(TrackedVariables.Jar)
                .SetItems(strings.Select(v => (Client: v, Sent: TextOf(v.OfBackendRequest)))
                    .Where(s => s.Sent != new InputText(s.Client))
                    .Select(s => KeyValuePair.Create(s.Client.OfBackendRequest, s.Sent))),
        };
    }

    /// <summary>Remembers the backend request as the origin gets it: what edits it later, edits it too late.</summary>
    public SymbolicState Sending() => this with { SentFields = Fields, SentStrings = Strings };

    /// <summary>Remembers that the backend request is answered by a statement, and not sent.</summary>
    public SymbolicState Refusing(SourceSpan place) =>
        With(TrackedVariables.Refusal, new ConstantText(place.ToString()!));

    public SymbolicState NoLongerRefusing() => this with { Strings = Strings.Remove(TrackedVariables.Refusal) };

    /// <summary>
    /// With the backend request as it was when <see cref="Sending"/> remembered it; of an answer, with what the last
    /// try got.
    /// </summary>
    public SymbolicState AsSent() => SentFields is null || SentStrings is null
        ? this
        : this with
        {
            Fields = SentFields.Without(v => v.IsOfAnswer).SetItems(Fields.Where(f => f.Key.IsOfAnswer)),
            Strings = SentStrings.Without(v => v.IsOfAnswer).SetItems(Strings.Where(f => f.Key.IsOfAnswer)),
        };

    /// <summary>Whether the variables hold the same in both, whatever is known of the inputs.</summary>
    public bool HoldsTheSameAs(SymbolicState other) =>
        Restarts == other.Restarts && Retries == other.Retries
        && Fields.Equals(other.Fields) && Strings.Equals(other.Strings) && Flags.Equals(other.Flags)
        && Equals(SentFields, other.SentFields) && Equals(SentStrings, other.SentStrings)
        && (ReferenceEquals(Key, other.Key) || Key.SequenceEqual(other.Key));

    /// <summary>
    /// A number that is equal for states that hold the same but for rewrites of strings and fields that are not there.
    /// </summary>
    public int OutlineHash() => HashCode.Combine(
        Key.Count, Restarts, Retries, Flags, Fields.Where(f => f.Value is not (AbsentField or InputField))
            .Aggregate(0, (hash, f) => hash ^ HashCode.Combine(f.Key, f.Value)));

    /// <summary>Whether varnishd parses the answer for fragments.</summary>
    public bool IsParsedForEsi => Flags.GetValueOrDefault(Flag.ParsedForEsi);

    // A rollback shows that varnishd had joined lines; of a second `Host` line there is nothing to show.
    private static readonly Input[] JoinedBefore =
        [.. RequestFields.OneLine.Except(["host"]).Order(StringComparer.Ordinal).Select(Input.OfClientField)];
}
