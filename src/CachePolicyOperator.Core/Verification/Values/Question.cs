namespace CachePolicyOperator.Core.Verification.Values;

/// <summary>A condition that nothing we model decides, by its text: the same question has the same answer.</summary>
internal sealed class Question(string text) : Named(text)
{
    /// <summary>Whether it asks for something whose name has this in it.</summary>
    public bool Mentions(string name) => Name.Contains(name, StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether it asks for nothing but where a request comes from, which none of its fields says.</summary>
    public bool IsOfConnection => Name.StartsWith("client.ip ~ ", StringComparison.OrdinalIgnoreCase)
        && !Mentions("http") && !Mentions("(");
}
