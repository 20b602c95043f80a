using System.Buffers;
using System.Text;
using CachePolicyOperator.Cli.Terminals;
using CachePolicyOperator.Core.Diagnostics;
using CachePolicyOperator.Core.Vcl.Syntax;

namespace CachePolicyOperator.Cli.Inputs;

/// <summary>A VCL that was given by name, with all that it includes; or why it could not be read.</summary>
internal sealed record VclInput(string Name, VclParse? Parse, IReadOnlyList<Diagnostic> Unreadable)
{
    /// <summary>Reads a file, or standard input for <c>-</c>, and what it includes.</summary>
    public static VclInput Read(string name, IReadOnlyList<string> searchPath, Terminal terminal)
    {
        var unreadable = new List<Diagnostic>();
        if (Directory.Exists(name))
        {
            unreadable.Add(Diagnostic.Error("input/unreadable", name, "this is a directory",
                "name the VCL file that varnishd loads with `-f`"));
            return new VclInput(name, null, unreadable);
        }

        var help = "name a VCL file, or `-` for standard input";
        if (InputFiles.Read([name], terminal, unreadable, help) is not [var file])
        {
            return new VclInput(name, null, unreadable);
        }

        var source = SourceFile.FromBytes(file.Name, file.Bytes);
        var parse = VclParser.Parse(source, new VclFileSystem(name == "-" ? null : name, searchPath));
        unreadable.AddRange(parse.File.Sources.Items.Select(s => FirstOddByte(s.File)).OfType<Diagnostic>());
        return new VclInput(file.Name, parse, unreadable);
    }

    // varnishd takes any bytes; but a file that is no text is one that nobody reviewed as it is shown.
    private static Diagnostic? FirstOddByte(SourceFile file)
    {
        var bytes = file.ToBytes();
        for (var at = 0; at < bytes.Length;)
        {
            if (Rune.DecodeFromUtf8(bytes.AsSpan(at), out var rune, out var length) != OperationStatus.Done
                || rune.Value == 0)
            {
                var span = new SourceSpan(file, at, at + 1);
                var what = bytes[at] == 0 ? "a zero byte" : $"the byte 0x{bytes[at]:x2}, which is not UTF-8";
                return VclDiagnostic.Error("vcl/not-text", span, $"there is {what}", "save the file as UTF-8 text")
                    .ToDiagnostic();
            }

            at += length;
        }

        return null;
    }
}
