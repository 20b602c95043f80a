using System.Text;
using CachePolicyOperator.Core.Diagnostics;
using CachePolicyOperator.Core.Vcl.Syntax;

namespace CachePolicyOperator.Cli.Replay;

/// <summary>
/// Writes replays as one test for <c>varnishtest</c>, which passes when each leak happens. Text is one character a
/// byte.
/// </summary>
internal static class VtcWriter
{
    public static string Write(VclFile vcl, IReadOnlyList<(Diagnostic Diagnostic, ReplayAttempt Attempt)> leaks)
    {
        var text = new StringBuilder($"varnishtest \"{leaks.Count} leaks of {Quoted(vcl.Source.Name)}\"\n");
        text.Append(
            "\n# Written by `cachepolicy verify --emit-vtc`. It passes when the leaks happen: a repaired VCL fails "
                + "it.\n");
        for (var i = 0; i < leaks.Count; i++)
        {
            WriteOne(text, vcl, leaks[i].Diagnostic, leaks[i].Attempt, i + 1);
        }

        return text.ToString();
    }

    private static void WriteOne(
        StringBuilder text, VclFile vcl, Diagnostic diagnostic, ReplayAttempt attempt, int number)
    {
        text.Append($"\n# {diagnostic.Code}: {OneLine(diagnostic.Message)}\n# {OneLine(diagnostic.Path)}\n");
        text.Append($"server s{number} {{\n\trxreq\n\ttxresp -status {attempt.Answer.Status}");
        foreach (var field in attempt.Answer.Headers.Items)
        {
            text.Append($" \\\n\t\t-hdr {Token($"{field.Name}: {field.Value}")}");
        }

        var body = attempt.First.Request.Method == "HEAD" ? "" : " \\\n\t\t-body \"a page for one person\"";
        text.Append($" \\\n\t\t-hdr \"{HostileOrigin.PageField}: {attempt.First.Name}\"{body}\n}} -start\n\n");
        text.Append(
            $"varnish v{number} -vcl {Block(ReplayVcl.Of(vcl, $"${{s{number}_addr}}", $"${{s{number}_port}}"))} -start\n\n");
        WriteVisitor(text, attempt.First, attempt.First.Name, (2 * number) - 1, number,
            "asks first; the page is made for this visitor");
        WriteVisitor(text, attempt.Second, attempt.First.Name, 2 * number, number,
            $"is served the page of {attempt.First.Name}");
        text.Append($"varnish v{number} -stop\n");
    }

    private static void WriteVisitor(
        StringBuilder text, Visitor visitor, string page, int client, int varnish, string what)
    {
        text.Append($"# {visitor.Name} {what}\nclient c{client} -connect ${{v{varnish}_sock}} {{\n");
        text.Append(
            $"\ttxreq -method {Token(visitor.Request.Method)} -url "
                + $"{Token(RequestText.Unescape(visitor.Request.Target))} -nohost");
        foreach (var field in RequestText.Complete(visitor.Request))
        {
            text.Append($" \\\n\t\t-hdr {Token($"{field.Name}: {field.Value}")}");
        }

        text.Append(visitor.Body.Length > 0 ? $" \\\n\t\t-body {Token(visitor.Body)}" : "");
        text.Append(visitor.Request.Method == "HEAD" ? "\n\trxresp -no_obj\n" : "\n\trxresp\n");
        text.Append($"\texpect resp.http.{HostileOrigin.PageField} == \"{page}\"\n}} -run\n\n");
    }

    /// <summary>In braces, as people write it, where the braces in it balance; else quoted.</summary>
    private static string Block(string vcl)
    {
        var depth = 0;
        foreach (var c in vcl)
        {
            depth += c switch { '{' => 1, '}' => -1, _ => 0 };
            if (depth < 0)
            {
                break;
            }
        }

        return depth == 0 && !vcl.EndsWith('\\') ? $"{{\n{vcl.TrimEnd()}\n}}" : Token(vcl);
    }

    private static string Token(string text) => $"\"{Quoted(text)}\"";

    // varnishtest reads C's escapes in a quoted word.
    private static string Quoted(string text)
    {
        var quoted = new StringBuilder();
        foreach (var c in text)
        {
            _ = c switch
            {
                '"' or '\\' => quoted.Append('\\').Append(c),
                '\n' => quoted.Append("\\n"),
                '\r' => quoted.Append("\\r"),
                '\t' => quoted.Append("\\t"),
                < ' ' or >= '\x7f' => quoted.Append($"\\x{(int)c:x2}"),
                _ => quoted.Append(c),
            };
        }

        return quoted.ToString();
    }

    private static string OneLine(string text) => string.Concat(text.Select(c => c is < ' ' or >= '\x7f' ? '?' : c));
}
