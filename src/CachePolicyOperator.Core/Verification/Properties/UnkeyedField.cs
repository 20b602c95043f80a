using CachePolicyOperator.Core.HeaderFields;
using CachePolicyOperator.Core.Verification.Exploration;
using CachePolicyOperator.Core.Verification.Flows;
using CachePolicyOperator.Core.Verification.State;
using CachePolicyOperator.Core.Verification.Values;

namespace CachePolicyOperator.Core.Verification.Properties;

/// <summary>
/// Whatever else of a request may change the answer is gone before the origin sees it, or is in the key: fields of
/// edges and frameworks, preferences, what the VCL looks at, the body of a GET, and what the origin names in
/// <c>Vary</c> (SP5, SP8, SP13).
/// </summary>
internal sealed class UnkeyedField : IVclProperty
{
    private static readonly Input Vary = Input.OfAnswerField(ResponseFields.Vary);

    private static readonly Input[] Edge = [.. RequestFields.Edge.Select(Input.OfClientField)];

    private static readonly Input[] Preferences = [.. RequestFields.Preferences.Select(Input.OfClientField)];

    private static readonly (IReadOnlyList<Input> Fields, string? Help)[] Asked =
    [
        (Edge, Help(Edge)), (Preferences, Help(Preferences)),
    ];

    public string Code => "key/unkeyed-input";

    public IEnumerable<Finding> Check(ExploredStates explored)
    {
        var identity = IdentityTaint.Of(explored);
        foreach (var store in explored.Stores)
        {
            foreach (var (fields, help) in Asked.Concat(Named(store.State)
                .Select(n => ((IReadOnlyList<Input>)[n], (string?)null))))
            {
                if (First(explored, store.State, fields, identity) is var (path, field))
                {
                    yield return Find(explored, path, store,
                        $"the origin sees `{field.FieldTitle}`, the key does not have " +
                            "it, and the answer is stored",
                        help ?? Help(fields));
                }
            }

            if (store.State.Flags.GetValueOrDefault(Flag.Naming) && Nameable(store.State.Key) is { } keyed)
            {
                yield return Find(explored, store.State, store,
                    $"`Connection` may name `{keyed.FieldTitle}`, which the key then " +
                        "has and the origin does not get, and the answer is stored",
                    "`std.collect(req.http.Connection);`, and pass requests whose `Connection` names anything but " +
                        "`close`, `keep-alive`, `te` and `upgrade`");
            }

            if (store.State.Flags.GetValueOrDefault(Flag.BodySent))
            {
                yield return Find(explored, store.State, store,
                    "the origin sees the body of the request, the key does not have it, and the answer is stored",
                    "`unset bereq.body;`, or let the built-in `vcl_backend_fetch` run");
            }

            if (!store.State.HasInKey(store.State.MethodSent()))
            {
                yield return Find(explored, store.State, store,
                    "the method sent to the origin comes from the client, the key does not have it, and the answer " +
                        "is stored",
                    "leave the method of a fetch as varnishd sets it");
            }

            if (store.State.Flags.GetValueOrDefault(Flag.VaryIgnored))
            {
                yield return Find(explored, store.State, store,
                    "what the origin names in `Vary` does not tell stored answers apart",
                    "leave `req.hash_ignore_vary` alone, and put the field into the key");
            }

            if (store.State.FieldOf(Vary) is not InputField)
            {
                yield return Find(explored, store.State, store,
                    "an answer is stored without the `Vary` that the origin gave it",
                    "leave `Vary` as it is, and put the fields that it may name into the key");
            }
        }

        foreach (var (store, decider) in ImplicitFlows.Of(explored))
        {
            if (decider is null || identity.CarrierOf(decider) is null)
            {
                var what = decider is { IsOfClientField: true }
                    ? $"`{decider.FieldTitle}`, which the key does not have"
                    : "something that the key does not have";
                yield return Find(explored, store.State, store,
                    $"what the origin sees depends on {what}, and the answer is stored",
                    "put what was decided into the key") with
                {
                    IsOfTwo = true,
                };
            }
        }
    }

    private Finding Find(ExploredStates explored, SymbolicState path, Completion store, string message, string help) =>
        new(Code, explored.Question.WarningUnlessStrict(), path, store.Return!.Span, message, help);

    // Fields that the VCL has looked at or written.
    private static IEnumerable<Input> Named(SymbolicState state) => state.FieldsWritten()
        .Union(FieldsOf(state.PathCondition.Keys))
        .Where(f => !RequestFields.NeverUnkeyed.Contains(f.FieldName!) && !Edge.Contains(f) && !Preferences.Contains(f))
        .Order();

    // A field in the key that `Connection` may take away.
    private static Input? Nameable(IEnumerable<Text> key) =>
        FieldsOf(key.SelectMany(t => t.Taint).Where(i => !ForwardingRules.IsNeverNamed(i)))
            .FirstOrDefault(f => !RequestFields.NeverUnkeyed.Contains(f.FieldName!));

    private static string Help(IReadOnlyList<Input> fields) =>
        "before the fetch, unset what is not in the key: " +
            $"{string.Join(", ", fields.Select(f => $"`{f.FieldTitle}`"))}";

    private static IEnumerable<Input> FieldsOf(IEnumerable<Input> inputs) =>
        inputs.Where(i => i.IsOfClientField).Select(i => i.Variable);

    private static (SymbolicState Path, Input Field)? First(ExploredStates explored, SymbolicState state,
        IReadOnlyList<Input> group, IdentityTaint identity)
    {
        foreach (var name in group)
        {
            var field = state.FieldSent(name);
            if (Unkeyed(field, state) && explored.Solver.WithPresence(state, field, true) is { } path
                && identity.LeakIn(state, name) is null)
            {
                return (path, name);
            }
        }

        return null;

        bool Unkeyed(Field field, SymbolicState path) => field switch
        {
            InputField input => explored.Solver.Of(path, input.Input) is var facts
                && (facts.MayRepeat || !path.HasInKey(new InputText(input.Input))),
            WrittenField written => !path.HasInKey(written.Value),
            AnyField any => !any.Value.Taint.All(i => path.HasInKey(new InputText(i))),
            _ => false,
        };
    }
}
