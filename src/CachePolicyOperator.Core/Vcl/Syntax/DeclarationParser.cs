using static CachePolicyOperator.Core.Vcl.Syntax.TokenKind;

namespace CachePolicyOperator.Core.Vcl.Syntax;

/// <summary>Reads what stands at the top level. After a mistake it goes on with the next declaration.</summary>
internal sealed class DeclarationParser(TokenCursor cursor)
{
    private readonly StatementParser _statements = new(cursor);
    private readonly BackendParser _backends = new(cursor);
    private readonly AclParser _acls = new(cursor);
    private VclVersion? _version;

    /// <summary>The version of the top file.</summary>
    public VclVersion? Version => _version;

    public EquatableList<Declaration> Parse()
    {
        if (!cursor.Current.IsWord("vcl"))
        {
            cursor.Error("vcl/version-missing", cursor.Current.Span, "the VCL does not begin with its version",
                "write `vcl 4.1;` as the first statement");
        }

        var declarations = new List<Declaration>();
        while (!cursor.AtEnd)
        {
            var first = cursor.Current;
            if (ParseDeclaration() is { } declaration)
            {
                declarations.Add(declaration);
                continue;
            }

            if (cursor.Current == first)
            {
                cursor.Next();
            }

            Recovery.SkipToDeclaration(cursor);
        }

        return declarations.ToEquatableList();
    }

    // Unlike actions, these words have a case.
    private Declaration? ParseDeclaration()
    {
        var first = cursor.Current;
        if (first.Kind == TokenKind.InlineC)
        {
            cursor.Next();
            return new InlineCDeclaration(first.Span, first.Text[2..^2]);
        }

        switch (first.Kind == TokenKind.Identifier ? first.Text : "")
        {
            case "vcl":
                return ParseVersion();
            case "import":
                return ParseImport();
            case "acl":
                return _acls.Parse();
            case "backend":
                return _backends.ParseBackend();
            case "probe":
                return _backends.ParseProbe();
            case "sub":
                return ParseSub();
            case "unused":
                return ParseUnused();
            default:
                cursor.Unexpected("expected a declaration", first.IsWord("director")
                    ? "directors are objects: `import directors;` and `new x = directors.round_robin();` in `vcl_init`"
                    : "these are `acl`, `backend`, `import`, `include`, `probe`, `sub` and `vcl`, in lower case");
                return null;
        }
    }

    private VersionDeclaration? ParseVersion()
    {
        var first = cursor.Next();
        VclVersion? version = cursor.Current.Text switch
        {
            "4.0" => VclVersion.V40,
            "4.1" => VclVersion.V41,
            _ => null,
        };
        if (version is null)
        {
            cursor.Error("vcl/version", cursor.Current.Span, $"`{cursor.Current.Text}` is no version of VCL",
                "write `vcl 4.1;`");
            return null;
        }

        cursor.Next();
        if (!cursor.Expect(Semicolon, "after the version"))
        {
            return null;
        }

        _version ??= version;
        if (version > _version)
        {
            cursor.Error("vcl/version", first.Span,
                "an included file asks for a higher version than the file at the top",
                "write `vcl 4.1;` at the top");
        }

        return new VersionDeclaration(cursor.From(first), version.Value);
    }

    private ImportDeclaration? ParseImport()
    {
        var first = cursor.Next();
        if (!cursor.ExpectName("a vmod", out var vmod))
        {
            return null;
        }

        var name = vmod;
        if (cursor.Current.IsWord("as"))
        {
            cursor.Next();
            if (!cursor.ExpectName("the import", out name))
            {
                return null;
            }
        }

        string? from = null;
        if (cursor.Current.IsWord("from"))
        {
            cursor.Next();
            if (!StringTokens.IsString(cursor.Current))
            {
                cursor.Unexpected("expected a path after `from`");
                return null;
            }

            from = StringTokens.ValueOf(cursor.Next());
        }

        return cursor.Expect(Semicolon, "after the import")
            ? new ImportDeclaration(cursor.From(first), vmod, name, from)
            : null;
    }

    private UnusedDeclaration? ParseUnused()
    {
        var first = cursor.Next();
        return cursor.ExpectName("what nothing uses", out var name) && cursor.Expect(Semicolon, "after the name")
            ? new UnusedDeclaration(cursor.From(first), name)
            : null;
    }

    private SubDeclaration? ParseSub()
    {
        var first = cursor.Next();
        return cursor.ExpectName("the subroutine", out var name) &&
            _statements.ParseBlock("after the name of the subroutine") is { } body
            ? new SubDeclaration(cursor.From(first), name, body)
            : null;
    }
}
