using CachePolicyOperator.Cli.Replay;
using CachePolicyOperator.Cli.Terminals;
using CachePolicyOperator.Core.Diagnostics;

namespace CachePolicyOperator.Cli.Output;

/// <summary>Writes a replay as the conversation that it was.</summary>
internal sealed class ReplayText(TextWriter output, Paint paint, string program)
{
    private const string NotSo = "the witness did NOT leak in varnishd: this is a bug of the verifier, please report";

    private static readonly string[] Marks = ["Age", "X-Varnish", "X-Vinyl", "Set-Cookie"];

    public void Write(ReplayResult result)
    {
        output.WriteLine(
            paint.Strong($"replay of {result.Diagnostic.Code} at {SafeText.Of(result.Diagnostic.Path)} in {program}"));
        if (result.Conversation is { } conversation)
        {
            WriteTurn(result.Attempt.First, conversation.FirstAnswer, conversation.AskedForFirst, result);
            WriteTurn(result.Attempt.Second, conversation.SecondAnswer, conversation.AskedForSecond, result);
        }

        output.WriteLine(result.Outcome switch
        {
            ReplayOutcome.Leaked =>
                $"  {paint.Error("it leaks")}: {result.Attempt.Second.Name} was served the page that the origin made "
                    + $"for {result.Attempt.First.Name}",
            ReplayOutcome.NotComparable => $"  {paint.Warning("not shown here")}: {result.Reason}",
            _ => $"  {paint.Error(NotSo)} it with the VCL and these lines",
        });
        output.WriteLine();
    }

    private void WriteTurn(Visitor visitor, RawAnswer answer, IReadOnlyList<OriginRequest> asked, ReplayResult result)
    {
        var name = visitor.Name.PadRight(6);
        output.WriteLine(
            $"  {paint.Strong(name)} {paint.Faint(">")} "
                + $"{SafeText.Of($"{visitor.Request.Method} {visitor.Request.Target}")}");
        foreach (var field in RequestText.Complete(visitor.Request))
        {
            output.WriteLine($"         {paint.Faint(">")} {Line(field)}");
        }

        foreach (var request in asked)
        {
            output.WriteLine($"  origin {paint.Faint("<")} {SafeText.Of(request.Line)}");
            foreach (var field in request.Headers.Items.Where(h => IsTold(h, visitor)))
            {
                output.WriteLine($"         {paint.Faint("<")} {Line(field)}");
            }

            output.WriteLine(
                $"         {paint.Faint(">")} " + (result.Attempt.Answer.HangsUp
                    ? "hangs up"
                    : $"{result.Attempt.Answer.Status}, a page for {visitor.Name}"));
            foreach (var field in result.Attempt.Answer.Headers.Items)
            {
                output.WriteLine($"         {paint.Faint(">")} {Line(field)}");
            }
        }

        if (asked.Count == 0)
        {
            output.WriteLine($"  origin {paint.Faint("was not asked")}");
        }

        var page = Conversation.PageOf(answer) is { } number ? $"page {number}" : "no page of the origin";
        var marks = Marks.Select(n => (Name: n, Value: answer.Find(n)))
            .Where(m => m.Value is not null)
            .Select(m => $"{m.Name}: {m.Value}");
        output.WriteLine(
            $"  {name} {paint.Faint("<")} "
                + $"{SafeText.Of(string.Join(", ", marks.Prepend($"{answer.Status}").Prepend(page)))}");
    }

    // What the visitor sent and still arrives says who is asking; the rest is varnishd's own.
    private static bool IsTold(HeaderField field, Visitor visitor) =>
        visitor.Request.Headers.Items.Any(h => h.Name.Equals(field.Name, StringComparison.OrdinalIgnoreCase));

    private static string Line(HeaderField field) => SafeText.Of($"{field.Name}: {field.Value}");
}
