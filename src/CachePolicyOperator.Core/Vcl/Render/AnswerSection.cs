using CachePolicyOperator.Core.Model;

namespace CachePolicyOperator.Core.Vcl.Render;

/// <summary>
/// <c>vcl_synth</c>: what rules answer by themselves. It is made anew for each request, never stored here, and tells
/// caches before this one not to store it: they do not know what it was matched by.
/// </summary>
internal static class AnswerSection
{
    /// <summary>Leads to the answer, in <c>vcl_recv</c>.</summary>
    public static void WriteReturn(VclWriter vcl, Answer answer) =>
        vcl.Line($"return (synth({answer.Status}, {VclLiteral.String(answer.Reason)}));");

    public static void Write(VclWriter vcl, RenderPlan plan)
    {
        if (plan.Keys.Answers.Count == 0 && !plan.AnswersCors)
        {
            return;
        }

        vcl.Sub("cp_answered", () =>
        {
            if (plan.IsEditing)
            {
                vcl.Line(ResponseSection.Call);
            }

            vcl.Line("set resp.http.Cache-Control = \"no-store\";");
            vcl.Line("set resp.http.Cache-Status = \"cachepolicy; detail=answer\";");
            vcl.Line("return (deliver);");
        });
        vcl.Sub("vcl_synth", () =>
        {
            ResponseSection.WritePreflightAnswer(vcl, plan);
            foreach (var answer in plan.Keys.Answers)
            {
                vcl.Block(
                    $"if (req.http.{InternalHeaders.Rule} == \"{plan.Keys.NumberOf(answer)}\")",
                    () => WriteAnswer(vcl, answer));
            }
        });
    }

    private static void WriteAnswer(VclWriter vcl, Answer answer)
    {
        if (answer.Location is { } location)
        {
            var field = $"set resp.http.Location = {VclLiteral.String(location)}";
            vcl.Line($"{field}{(answer.KeepsTarget ? " + req.url" : "")};");
            if (answer.KeepsTarget)
            {
                vcl.Guard("location", () =>
                {
                    vcl.Comment("Only within a target of such letters no line of the response can end.");
                    vcl.Block("if (req.url !~ \"^/[!-~]*\\z\")", () => vcl.Line($"{field};"));
                });
            }
        }

        if (answer.RetryAfter is { } time)
        {
            vcl.Line($"set resp.http.Retry-After = \"{(time.Milliseconds + 999) / 1_000}\";");
        }

        if (answer.ContentType is { } type)
        {
            vcl.Line($"set resp.http.Content-Type = {VclLiteral.String(type)};");
        }

        vcl.Line($"set resp.body = {VclLiteral.String(answer.Body)};");
        vcl.Line("call cp_answered;");
    }
}
