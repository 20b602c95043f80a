namespace CachePolicyOperator.Core.Vcl.Render;

/// <summary>
/// Does what the first group says that matches a request. Many groups are asked for in pieces: whether it is of a
/// piece at all, and only then which group of it, so that neither a request nor a proof goes through them all.
/// </summary>
/// <param name="message"><c>req</c>, or <c>bereq</c> for what was sent to the origin.</param>
/// <param name="otherwise">Writes what is done where no group matches, a guard; null: nothing.</param>
internal sealed class FirstMatch<T>(
    VclWriter vcl, string message, Action<RuleGroup<T>> then, (string Guard, Action Then)? otherwise = null)
    where T : class
{
    // One long function takes the C compiler of varnishd time by the square of its length.
    private const int PieceLength = 40;

    /// <summary>Writes a sub, and those that it calls.</summary>
    public void Write(string sub, EquatableList<RuleGroup<T>> groups)
    {
        if (groups.Count <= PieceLength)
        {
            vcl.Sub(sub,
                () => WriteChain(groups.Items.Select(g => (g.Rules.Items.AsEnumerable(), (Action)(() => then(g))))));
            return;
        }

        var pieces = groups.Items.Chunk(Math.Max(PieceLength, (groups.Count + PieceLength - 1) / PieceLength))
            .Select((piece, i) => (Sub: $"{sub}_{i + 1}", Groups: piece.ToEquatableList())).ToArray();
        Array.ForEach(pieces, piece => Write(piece.Sub, piece.Groups));
        vcl.Sub(sub, () => WriteChain(pieces.Select(piece =>
            (piece.Groups.Items.SelectMany(g => g.Rules.Items), (Action)(() => vcl.Line($"call {piece.Sub};"))))));
    }

    private void WriteChain(IEnumerable<(IEnumerable<Model.Rule> Rules, Action Then)> links)
    {
        var word = "if";
        foreach (var (rules, body) in links)
        {
            vcl.Block($"{word} ({MatchTest.Of(rules, message)})", body);
            word = "elseif";
        }

        if (otherwise is var (guard, last))
        {
            vcl.Guard(guard, word == "if" ? last : () => vcl.Block("else", last));
        }
    }
}
