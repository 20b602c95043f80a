namespace CachePolicyOperator.Core.Vcl.Syntax;

/// <summary>Where included files come from. The parser itself reads nothing.</summary>
public interface IVclFiles
{
    /// <summary>
    /// The file that <c>include "name";</c> means in <paramref name="includer"/>; null where there is none.
    /// </summary>
    SourceFile? Find(string name, SourceFile includer);

    /// <summary>The files that <c>include +glob "pattern";</c> means, in order.</summary>
    IReadOnlyList<SourceFile> FindAll(string pattern, SourceFile includer);
}
