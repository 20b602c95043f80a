using static CachePolicyOperator.Core.Vcl.Syntax.TokenKind;

namespace CachePolicyOperator.Core.Vcl.Syntax;

/// <summary>
/// Replaces every <c>include "file";</c> by the tokens of the file. To varnishd this is no statement but a splice, so
/// it is legal anywhere, inside a subroutine too.
/// </summary>
internal sealed class IncludeSplicer(IVclFiles files, DiagnosticBag diagnostics)
{
    private const int MaxDepth = 64;

    /// <summary>Files that include each other twice at every level would otherwise double without end.</summary>
    private const int MaxBytes = 8 * 1024 * 1024;

    private readonly List<Token> _tokens = [];
    private readonly List<TokenizedSource> _sources = [];
    private readonly Dictionary<SourceFile, TokenizedSource> _read = new(ReferenceEqualityComparer.Instance);
    private readonly List<SourceFile> _open = [];
    private long _bytes;

    public EquatableList<TokenizedSource> Sources => _sources.ToEquatableList();

    /// <summary>All tokens in the order in which varnishd reads them; the last is the end of the top file.</summary>
    public List<Token> Splice(SourceFile top)
    {
        Add(top);
        _tokens.Add(_sources[0].Tokens[^1]);
        return _tokens;
    }

    private void Add(SourceFile file)
    {
        _open.Add(file);
        var tokens = Tokenize(file).Tokens.Items;
        _tokens.EnsureCapacity(_tokens.Count + tokens.Length);
        for (var i = 0; i < tokens.Length - 1; i++)
        {
            if (tokens[i].IsWord("include"))
            {
                i = Include(tokens.AsSpan(), i);
            }
            else
            {
                _tokens.Add(tokens[i]);
            }
        }

        _open.RemoveAt(_open.Count - 1);
    }

    private TokenizedSource Tokenize(SourceFile file)
    {
        if (!_read.TryGetValue(file, out var source))
        {
            _read.Add(file, source = Lexer.Tokenize(file, diagnostics));
            _sources.Add(source);
        }

        return source;
    }

    /// <summary>Follows the include at the place and returns the index of its last token.</summary>
    private int Include(ReadOnlySpan<Token> tokens, int at)
    {
        var include = tokens[at];
        var glob = false;
        while (tokens[at + 1].Kind is Plus or Minus
            && tokens[at + 2].Kind == TokenKind.Identifier
            && tokens[at + 1].End == tokens[at + 2].Start)
        {
            glob = tokens[at + 1].Kind == Plus;
            if (!tokens[at + 2].IsWord("glob"))
            {
                diagnostics.Error("vcl/include", tokens[at + 2].Span,
                    $"`{tokens[at + 2].Text}` is no flag of `include`", "the only one is `+glob`");
            }

            at += 2;
        }

        if (StringOf(tokens[at + 1]) is not { } name)
        {
            diagnostics.Error("vcl/include", include.Span, "`include` is not followed by the name of a file",
                "write `include \"file.vcl\";`");
            return at;
        }

        var written = tokens[++at];
        if (tokens[at + 1].Kind == Semicolon)
        {
            at++;
        }
        else
        {
            diagnostics.Error(
                "vcl/include", written.Span, "`include` is not followed by `;`", "write `include \"file.vcl\";`");
        }

        foreach (var file in FindFiles(name, glob, written))
        {
            AddIncluded(file, written);
        }

        return at;
    }

    private IReadOnlyList<SourceFile> FindFiles(string name, bool glob, Token written)
    {
        var found = glob ? files.FindAll(name, written.File) : files.Find(name, written.File) is { } file ? [file] : [];
        if (found.Count == 0)
        {
            diagnostics.Error("vcl/include-not-found", written.Span,
                glob ? $"no file matches `{name}`" : $"the file `{name}` cannot be read",
                "include files that are handed over together with the VCL");
        }

        return found;
    }

    private void AddIncluded(SourceFile file, Token written)
    {
        _bytes += file.Text.Length;
        if (_open.Exists(f => f.Name == file.Name))
        {
            diagnostics.Error("vcl/include-loop", written.Span, $"`{file.Name}` includes itself",
                string.Join(" includes ", _open.Select(f => $"`{f.Name}`").Append($"`{file.Name}`")));
        }
        else if (_open.Count >= MaxDepth || _bytes > MaxBytes || _tokens.Count > Lexer.MaxTokens)
        {
            diagnostics.Error("vcl/too-large", written.Span, "the included files are too many or too large",
                $"stay below {MaxDepth} levels and {MaxBytes / (1024 * 1024)} MB in all");
        }
        else
        {
            Add(file);
        }
    }

    private static string? StringOf(Token token) => StringTokens.IsString(token) ? StringTokens.ValueOf(token) : null;
}
