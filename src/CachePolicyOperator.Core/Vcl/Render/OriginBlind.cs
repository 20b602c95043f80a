namespace CachePolicyOperator.Core.Vcl.Render;

/// <summary>
/// Tells revisions apart by what they cache and not by where their origin is: an origin's Service that is made anew has
/// another address, and what leaked with the old one would leak with the new one.
/// </summary>
public static class OriginBlind
{
    private const string Backend = "backend origin";

    /// <summary>The digest that the rendered text would have wherever its origin were.</summary>
    public static Digest DigestOf(string vcl)
    {
        ArgumentNullException.ThrowIfNull(vcl);
        var isInBackend = false;
        return Digest.Of(string.Join('\n', vcl.Split('\n').Where(line =>
        {
            isInBackend = line.StartsWith(Backend, StringComparison.Ordinal) || (isInBackend && !line.StartsWith('}'));
            return !(isInBackend && line.TrimStart() is var field
                && (field.StartsWith(".host", StringComparison.Ordinal) || field.StartsWith(".port", StringComparison.Ordinal)));
        })));
    }
}
