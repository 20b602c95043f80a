using System.Collections.Concurrent;
using CachePolicyOperator.Core.HeaderFields;
using CachePolicyOperator.Core.Vcl;
using CachePolicyOperator.Core.Vcl.Syntax;

namespace CachePolicyOperator.Core.Verification.Values;

/// <summary>
/// What a proof is about: the value that a variable of VCL has when it arrives, or a part or a function of that value.
/// Read once from the variable's name (<c>req.http.cookie</c>). As a key, it stands for the variable itself as well.
/// </summary>
internal sealed class Input : Named, IEquatable<Input>, IComparable<Input>
{
    // Those of one name are one object, up to so many; then they are only equal.
    private const int MaxKept = 20_000;

    private static readonly ConcurrentDictionary<string, Input> Kept = new(StringComparer.Ordinal);

    private Input? _allLines;
    private Input? _ofClient;
    private Input? _ofBackend;
    private Flag? _flag;

    // A variable.
    private Input(string name)
        : base(name)
    {
        var dot = name.IndexOf('.', StringComparison.Ordinal);
        Owner = dot < 0 ? InputOwner.Other : OwnerOf(name.AsSpan(0, dot));
        FieldName = dot >= 0 && name.AsSpan(dot + 1) is ['h', 't', 't', 'p', '.', .. var field]
            ? field.ToString()
            : null;
        Kind = FieldName is null ? InputKind.Variable : InputKind.Field;
        Variable = this;
        IsJoinedBefore = FieldName is not null && Owner switch
        {
            InputOwner.ClientRequest => RequestFields.OneLine.Contains(FieldName),
            InputOwner.OriginAnswer => ResponseFields.OneLine.Contains(FieldName),
            _ => false,
        };
    }

    // Something of a variable.
    private Input(Input variable, InputKind kind, string name)
        : base(name, (int)kind)
    {
        (Owner, Kind, FieldName, Variable) = (variable.Owner, kind, variable.FieldName, variable);
        _allLines = kind == InputKind.AllLines ? this : null;
    }

    /// <summary>A source that stands for every input: a value that may come from anywhere.</summary>
    public static Input Anything { get; } = new(new Input("*"), InputKind.Anything, "*");

    public static Input Url { get; } = Of("req.url");

    public static Input Method { get; } = Of("req.method");

    public static Input Protocol { get; } = Of("req.proto");

    public static Input Host { get; } = OfClientField("host");

    public static Input Cookie { get; } = OfClientField(RequestFields.Cookie);

    public static Input Authorization { get; } = OfClientField(RequestFields.Authorization);

    /// <summary>What a response to the client says of its status.</summary>
    public static Input DeliveredReason { get; } = Of("resp.reason");

    /// <summary>What a stored object says of its status.</summary>
    public static Input StoredReason { get; } = Of("obj.reason");

    private static readonly Input VarnishNumber = OfBackendField("x-varnish");

    private static readonly Input VinylNumber = OfBackendField("x-vinyl");

    /// <summary>The field in which an engine tells the origin the number of a request.</summary>
    public static Input NumberSentBy(EngineVersion engine) =>
        engine < EngineVersion.Vinyl ? VarnishNumber : VinylNumber;

    public InputOwner Owner { get; }

    public InputKind Kind { get; }

    /// <summary>The name of its header field, in lower case; null where it is of none.</summary>
    public string? FieldName { get; }

    /// <summary>Its header field as people write the name: <c>X-Api-Key</c>.</summary>
    public string FieldTitle => HeaderFields.FieldTitle.Of(FieldName!);

    /// <summary>The variable that it arrives in.</summary>
    public Input Variable { get; }

    /// <summary>Whether it is the client's request, or of it.</summary>
    public bool IsOfClient => Owner == InputOwner.ClientRequest;

    /// <summary>Whether it is the backend request, or of it.</summary>
    public bool IsOfBackendRequest => Owner == InputOwner.BackendRequest;

    /// <summary>Whether it is the origin's answer, or of it.</summary>
    public bool IsOfAnswer => Owner == InputOwner.OriginAnswer;

    /// <summary>Whether it is of what a client is answered: a stored object, or the response made of one.</summary>
    public bool IsOfResponse => Owner is InputOwner.DeliveredAnswer or InputOwner.StoredAnswer;

    /// <summary>Whether it is of a header field.</summary>
    public bool IsOfField => FieldName is not null;

    /// <summary>Whether it is of a header field of the client's request.</summary>
    public bool IsOfClientField => IsOfClient && IsOfField;

    /// <summary>Whether it is no input that arrives, but the value of a function of one.</summary>
    public bool IsFound => Kind == InputKind.Found;

    /// <summary>
    /// Whether it is a part of the request line, which a rollback brings back and a fetch takes over.
    /// </summary>
    public bool IsOfRequestLine => Equals(Url) || Equals(Method) || Equals(Protocol);

    /// <summary>Whether varnishd makes one line of the field before VCL sees it.</summary>
    public bool IsJoinedBefore { get; }

    /// <summary>Whether no VCL ever sees more than one line of the field.</summary>
    public bool IsOneLine => Kind == InputKind.AllLines || IsJoinedBefore;

    /// <summary>The input that stands for all lines of its field joined into one.</summary>
    public Input AllLines => !IsOfField ? throw new System.Diagnostics.UnreachableException($"`{Name}` has no lines")
        : Kind is InputKind.Field or InputKind.AllLines
            ? _allLines ??= new Input(this, InputKind.AllLines, Name + ";collected")
        : Variable.AllLines;

    /// <summary>Of a variable of the backend request, the one of the client's request that it is a copy of.</summary>
    public Input OfClientRequest => IsOfBackendRequest ? _ofClient ??= Of(Name[2..]) : this;

    /// <summary>Of a variable of the client's request, the one that the backend request has of it.</summary>
    public Input OfBackendRequest => IsOfClient ? _ofBackend ??= Of("be" + Name) : this;

    /// <summary>
    /// Of a variable of the request that a fragment belongs to, the same of this request; null where it is of another.
    /// </summary>
    public Input? AsOfThisRequest => Owner == InputOwner.TopRequest ? Of("req" + Name["req_top".Length..]) : null;

    /// <summary>The flag that tells the truth of the variable, where that is known.</summary>
    public Flag Flag => _flag ??= Flag.OfVariable(this);

    public static bool operator ==(Input? one, Input? other) => AreEqual(one, other);

    public static bool operator !=(Input? one, Input? other) => !AreEqual(one, other);

    /// <summary>The variable of a VCL, by its whole name in lower case.</summary>
    public static Input Of(string variable)
    {
        if (Kept.TryGetValue(variable, out var kept))
        {
            return kept;
        }

        var input = new Input(variable);
        return Kept.Count < MaxKept ? Kept.GetOrAdd(variable, input) : input;
    }

    public static Input Of(Variable variable) => Of(variable.Name);

    /// <summary>A header field of the client's request, by its name in lower case.</summary>
    public static Input OfClientField(string field) => Of("req.http." + field);

    /// <summary>A header field of the backend request.</summary>
    public static Input OfBackendField(string field) => Of("bereq.http." + field);

    /// <summary>A header field of the origin's answer.</summary>
    public static Input OfAnswerField(string field) => Of("beresp.http." + field);

    /// <summary>What was found of a function's value, numbered.</summary>
    public Input FoundOf(int number) => new(Variable, InputKind.Found, $"{Variable.Name};found{number}");

    public bool Equals(Input? other) => AreEqual(this, other);

    public override bool Equals(object? obj) => AreEqual(this, obj as Input);

    public override int GetHashCode() => base.GetHashCode();

    public int CompareTo(Input? other) => other is null ? 1 : Compare(this, other);

    private static InputOwner OwnerOf(ReadOnlySpan<char> owner) => owner switch
    {
        "req" => InputOwner.ClientRequest,
        "req_top" => InputOwner.TopRequest,
        "bereq" => InputOwner.BackendRequest,
        "beresp" => InputOwner.OriginAnswer,
        "obj" => InputOwner.StoredAnswer,
        "resp" => InputOwner.DeliveredAnswer,
        "sess" => InputOwner.Session,
        _ => InputOwner.Other,
    };
}
