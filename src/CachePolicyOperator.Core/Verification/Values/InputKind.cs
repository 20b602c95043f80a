namespace CachePolicyOperator.Core.Verification.Values;

/// <summary>What an input is of the variable that it arrives in.</summary>
internal enum InputKind
{
    /// <summary>The value of a variable that is no header field.</summary>
    Variable,

    /// <summary>A header field: its lines, of which VCL reads the first.</summary>
    Field,

    /// <summary>All lines of a header field joined into one.</summary>
    AllLines,

    /// <summary>What was found of a function's value, which the input does not tell exactly.</summary>
    Found,

    /// <summary>Every input: of a value that may come from anywhere.</summary>
    Anything,
}
