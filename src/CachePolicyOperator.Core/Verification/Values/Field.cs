namespace CachePolicyOperator.Core.Verification.Values;

/// <summary>A header field on a path.</summary>
internal abstract record Field
{
    public static Field Absent { get; } = new AbsentField();

    /// <summary>What the field reads as in a string.</summary>
    public abstract Text Read();
}

internal sealed record AbsentField : Field
{
    public override Text Read() => Text.Empty;
}

/// <summary>As it arrived: present, absent and repeated as its <see cref="InputFacts"/> say.</summary>
internal sealed record InputField(Input Input) : Field
{
    public override Text Read() => new InputText(Input);
}

/// <summary>One line, written by the VCL.</summary>
internal sealed record WrittenField(Text Value) : Field
{
    public override Text Read() => Value;
}

/// <summary>Absent, or any value, in any number of lines: written by something that was not followed.</summary>
internal sealed record AnyField(AnyText Value) : Field
{
    public override Text Read() => Value;
}
