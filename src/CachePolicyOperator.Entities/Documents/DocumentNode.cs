namespace CachePolicyOperator.Entities.Documents;

/// <summary>What a <see cref="DocumentNode"/> is, in the words of JSON.</summary>
public enum NodeKind
{
    Null,
    Boolean,
    Number,
    Text,
    List,
    Map,
}

/// <summary>
/// A value as it was written, in YAML or JSON, before anything is known about what it should be.
/// </summary>
/// <param name="Text">A scalar as it was written; <c>true</c> or <c>false</c> for a boolean; empty for a list or a
/// map.</param>
/// <param name="Line">Line of the value in its file, from 1; 0 where there is no file.</param>
public sealed record DocumentNode(NodeKind Kind, string Text, int Line)
{
    /// <summary>The elements of a list.</summary>
    public IReadOnlyList<DocumentNode> Items { get; init; } = [];

    /// <summary>The fields of a map, in the order written, each name once.</summary>
    public IReadOnlyList<DocumentField> Fields { get; init; } = [];

    /// <summary>The value of a field; null where the object has none of that name.</summary>
    public DocumentNode? Find(string name) => Fields.FirstOrDefault(f => f.Name == name)?.Value;
}

/// <summary>A field of a map and the line of its name.</summary>
public sealed record DocumentField(string Name, DocumentNode Value, int Line);
