using CsCheck;

namespace CachePolicyOperator.Core.Tests.Vcl.Syntax;

/// <summary>Generates texts that look like VCL to different degrees.</summary>
internal static class VclGen
{
    private static readonly string[] Words =
    [
        "vcl 4.1;", "vcl", "sub", "vcl_recv", "{", "}", "(", ")", ";", "if", "else", "elseif", "set", "unset", "call",
            "return",
        "req.url", "req.http.Cookie", "req.http.\"1.x\"", "beresp.ttl", "=", "+=", "==", "!=", "~", "!~", "<", ">=",
            "&&", "||",
        "!", "-", "+", "*", "/", "%", ",", ".", "\"a\"", "{\"b\nc\"}", "\"\"\"d\"e\"\"\"", "\"", "{\"", "\"\"\"", "1",
            "2.5", "10s",
        "10 KB", "1e5", ":Zm9v:", ":", "include \"x\";", "include", "import std;", "acl", "backend", "probe", "default",
            "none",
        ".host", "std.log(\"x\");", "regsub(req.url, \"a\" + \"b\", \"\")", "C{ int x; }C", "C{", "/*", "*/", "//", "#",
            "\n",
        "\0", "\u00ff", "new", "hash_data(req.url);", "synthetic(", "return (pass);", "return;", "true", "x.y()",
            ".lower()", "++", "&",
    ];

    private static readonly Gen<string> Word = Gen.Int[0, Words.Length - 1].Select(i => Words[i]);

    public static Gen<string> Noise { get; } = Gen.Byte.Array[0, 200].Select(
        b => new string([.. b.Select(x => (char)x)]));

    public static Gen<string> WordSoup { get; } =
        Word.Array[0, 60].Select(words => string.Join(' ', words));

    /// <summary>A text with a few places changed, cut or doubled.</summary>
    public static Gen<string> Mutation(IReadOnlyList<string> texts) =>
        from text in Gen.Int[0, texts.Count - 1].Select(i => texts[i])
        from edits in Gen.Select(Gen.Int[0, 100_000], Gen.Int[0, 3], Word).Array[1, 4]
        select edits.Aggregate(text, Edit);

    private static string Edit(string text, (int Place, int Kind, string Word) edit)
    {
        var at = text.Length == 0 ? 0 : edit.Place % text.Length;
        return edit.Kind switch
        {
            0 => text.Insert(at, edit.Word),
            1 => text.Remove(at, Math.Min(edit.Word.Length, text.Length - at)),
            2 => text[..at],
            _ => text.Insert(at, text[at..Math.Min(text.Length, at + 40)]),
        };
    }
}
