namespace CachePolicyOperator.Core.Invalidations;

/// <summary>
/// Which stored pages are meant: those of a path, below a path, of a pattern of paths, or with a tag; all of them where
/// nothing of that is said. Hosts narrow. Also the body of an order to an agent.
/// </summary>
/// <param name="Paths">With any query, with or without a slash at the end; spelled as people write them.</param>
/// <param name="PathPrefixes">
/// Segment-wise: <c>/news</c> is <c>/news</c> and all below it, not <c>/newsletter</c>.
/// </param>
/// <param name="Tags">As the origin gave them, in a field that is read for tags; compared byte by byte.</param>
public sealed record StoredPages(
    EquatableList<string> Hosts,
    EquatableList<string> Paths,
    EquatableList<string> PathPrefixes,
    EquatableList<string> Tags)
{
    /// <summary>Paths in which <c>*</c> stands for anything within a segment, and <c>**</c> for anything.</summary>
    public EquatableList<string> PathPatterns { get; init; } = [];
}
