using CachePolicyOperator.Core.Vcl.Syntax;

namespace CachePolicyOperator.Core.Verification.Values;

/// <summary>A condition that nothing we model decides, by its text: the same question has the same answer.</summary>
internal sealed class Question(string text) : Named(text)
{
    /// <summary>
    /// A condition that may be answered otherwise each time it is asked, by its place: no variable of it is known by
    /// name.
    /// </summary>
    public static Question AskedAt(SourceSpan place) => new($"{place.File.Name}:{place.Start}-{place.End}");

    /// <summary>Whether it asks for something whose name has this in it.</summary>
    public bool Mentions(string name) => Name.Contains(name, StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether it asks for nothing but where a request comes from, which none of its fields says.</summary>
    public bool IsOfConnection => Name.StartsWith("client.ip ~ ", StringComparison.OrdinalIgnoreCase)
        && !Mentions("http") && !Mentions("(");
}
