namespace CachePolicyOperator.Operator.Objects;

/// <summary>How log lines are written.</summary>
internal enum LogFormat
{
    /// <summary>For people: two lines a message.</summary>
    Text,

    /// <summary>For machines: one object of JSON a line, values by their names.</summary>
    Json,
}
