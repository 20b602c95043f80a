using CachePolicyOperator.Core.Model;

namespace CachePolicyOperator.Core.Vcl.Render;

/// <summary>
/// What a policy changes of responses on their way to the client: after everything that judges them, and of nothing
/// that is stored. What a script of another site may read is said anew for each request.
/// </summary>
internal static class ResponseSection
{
    /// <summary>The statement that changes a response.</summary>
    public const string Call = "call cp_response;";

    private const string Number = $"req.http.{InternalHeaders.Response}";
    private const string Origin = $"req.http.{InternalHeaders.Origin}";
    private const string Vary = "resp.http.Vary";

    private static readonly string[] OfResponses = [
        "Allow-Origin", "Allow-Credentials", "Expose-Headers", "Allow-Methods", "Allow-Headers", "Max-Age"];

    /// <summary>What rules change, other than what is changed of all, in the order of their numbers.</summary>
    public static IReadOnlyList<ResponseEdits> NumberedOf(Policy policy) =>
        [.. policy.Rules.Items.Select(r => r.Response).Where(e => e != policy.Response).Distinct()];

    /// <summary>What is changed of the responses that are marked with this number.</summary>
    public static ResponseEdits EditsOf(Policy policy, string number) => NumberedOf(policy)[int.Parse(number) - 1];

    /// <summary>Marks a request as one of a rule that changes something else than what is changed of all.</summary>
    public static void WriteMark(VclWriter vcl, RenderPlan plan, ResponseEdits edits)
    {
        if (IndexOf(plan, edits) is { } number)
        {
            vcl.Line($"set {Number} = \"{number}\";");
        }
    }

    /// <summary>The subs of the methods before, in the order of <see cref="Call"/>.</summary>
    public static void Write(VclWriter vcl, RenderPlan plan)
    {
        if (!plan.IsEditing)
        {
            return;
        }

        foreach (var cors in All(plan).Select(e => e.Cors).OfType<Cors>().Distinct())
        {
            vcl.Sub(NameOf(plan, cors), () => WriteCors(vcl, cors));
        }

        vcl.Sub("cp_response", () => WriteAll(vcl, plan));
    }

    /// <summary>Leads a preflight to its answer, in <c>vcl_recv</c>.</summary>
    public static void WritePreflight(VclWriter vcl, RenderPlan plan)
    {
        if (!plan.AnswersCors)
        {
            return;
        }

        vcl.Comment("What a script of another site may ask is asked without any identity, and answered here.");
        var answered =
            string.Join(" || ", All(plan).Where(e => e.Cors is not null).Distinct().Select(e => Is(plan, e)));
        vcl.Block(
            $"if (req.method == \"OPTIONS\" && {Origin} && req.http.Access-Control-Request-Method && ({answered}))",
            () =>
            {
                vcl.Line($"set req.http.{InternalHeaders.Rule} = \"{InternalHeaders.PreflightRule}\";");
                vcl.Line("return (synth(204, \"No Content\"));");
            });
    }

    /// <summary>The answer to a preflight, in <c>vcl_synth</c>.</summary>
    public static void WritePreflightAnswer(VclWriter vcl, RenderPlan plan)
    {
        if (!plan.AnswersCors)
        {
            return;
        }

        vcl.Block($"if (req.http.{InternalHeaders.Rule} == \"{InternalHeaders.PreflightRule}\")", () =>
        {
            vcl.Line("set resp.body = \"\";");
            vcl.Line("call cp_answered;");
        });
    }

    private static IEnumerable<ResponseEdits> All(RenderPlan plan) => plan.Edits.Append(plan.Policies.Policy.Response);

    private static int? IndexOf(RenderPlan plan, ResponseEdits edits) =>
        plan.Edits.ToList().IndexOf(edits) is >= 0 and var index ? index + 1 : null;

    // What has no number is what is changed of all.
    private static string Is(RenderPlan plan, ResponseEdits edits) =>
        IndexOf(plan, edits) is { } number ? $"{Number} == \"{number}\"" : $"!{Number}";

    private static string NameOf(RenderPlan plan, Cors cors) =>
        $"cp_cors_{All(plan).Select(e => e.Cors).OfType<Cors>().Distinct().ToList().IndexOf(cors) + 1}";

    private static void WriteAll(VclWriter vcl, RenderPlan plan)
    {
        var word = "if";
        foreach (var edits in All(plan).Distinct().Where(e => e != ResponseEdits.None))
        {
            vcl.Block($"{word} ({Is(plan, edits)})", () => WriteEdits(vcl, plan, edits));
            word = "elseif";
        }
    }

    private static void WriteEdits(VclWriter vcl, RenderPlan plan, ResponseEdits edits)
    {
        foreach (var name in edits.Unset)
        {
            vcl.Line($"unset {Editable(name)};");
        }

        foreach (var field in edits.Set)
        {
            vcl.Line($"set {Editable(field.Name)} = {OneLine(field.Value)};");
        }

        if (edits.Cors is { } cors)
        {
            vcl.Line($"call {NameOf(plan, cors)};");
        }

        WriteBrowsers(vcl, edits.Browsers);
    }

    // What was stored has been judged by the origin's own word before. The new one takes the place of all that the
    // origin allows, and of nothing that it forbids.
    private static void WriteBrowsers(VclWriter vcl, BrowserCaching? browsers)
    {
        const string Field = "resp.http.Cache-Control";
        switch (browsers)
        {
            case BrowserCaching.NoStore:
                vcl.Line($"set {Field} = \"no-store\";");
                break;
            case BrowserCaching.NoCache:
                vcl.Block($"if ({Field} !~ \"(?i)private|no-store\")", () => vcl.Line($"set {Field} = \"no-cache\";"));
                vcl.Block($"elseif ({Field} !~ \"(?i)no-store\")",
                    () => vcl.Line($"set {Field} = \"private, no-cache\";"));
                break;
        }
    }

    private static void WriteCors(VclWriter vcl, Cors cors)
    {
        vcl.Guard("cors", () =>
        {
            vcl.Comment("What the origin says of it, or said to whoever came first, is not for this site.");
            foreach (var name in OfResponses)
            {
                vcl.Line($"unset resp.http.Access-Control-{name};");
            }
        });
        if (!cors.IsForAnybody)
        {
            vcl.Guard("vary-origin", () =>
            {
                vcl.Comment("A cache before this one does not give the answer for one site to another.");
                vcl.Block($"if (!{Vary})", () => vcl.Line($"set {Vary} = \"Origin\";"));
                vcl.Block(
                    $"elseif ({Vary} !~ \"(?i)(?:^|[ \t,])(?:origin|\\*)[ \t]*(?:,|$)\")",
                    () => vcl.Line($"set {Vary} = {Vary} + \", Origin\";"));
            });
        }

        if (cors.IsForAnybody)
        {
            WriteAllowed(vcl, cors, "\"*\"");
        }
        else
        {
            vcl.Comment("One that is echoed is one of these, letter by letter.");
            vcl.Block(
                $"if ({Origin} ~ {VclLiteral.String($"^{RegexText.AnyOf(cors.Origins)}\\z")})",
                () => WriteAllowed(vcl, cors, Origin));
        }
    }

    private static void WriteAllowed(VclWriter vcl, Cors cors, string origin)
    {
        vcl.Line($"set resp.http.Access-Control-Allow-Origin = {origin};");
        if (cors.Credentials)
        {
            vcl.Line("set resp.http.Access-Control-Allow-Credentials = \"true\";");
        }

        WriteList(vcl, "Expose-Headers", cors.Exposed);
        vcl.Block($"if (req.http.{InternalHeaders.Rule} == \"{InternalHeaders.PreflightRule}\")", () =>
        {
            WriteList(vcl, "Allow-Methods", cors.Methods);
            WriteList(vcl, "Allow-Headers", cors.Headers);
            if (cors.MaxAge is { } time)
            {
                vcl.Line($"set resp.http.Access-Control-Max-Age = \"{time.Milliseconds / 1_000}\";");
            }
        });
    }

    private static void WriteList(VclWriter vcl, string name, EquatableList<string> values)
    {
        if (values.Count > 0)
        {
            vcl.Line($"set resp.http.Access-Control-{name} = {OneLine(string.Join(", ", values.Items))};");
        }
    }

    private static string Editable(string name) =>
        HeaderFields.ResponseFields.IsEditable(name)
            ? VclLiteral.Header("resp", name)
            : throw new ArgumentException($"`{name}` is no field that a policy changes", nameof(name));

    private static string OneLine(string value) =>
        value.All(c => c is >= ' ' and <= '~')
            ? VclLiteral.String(value)
            : throw new ArgumentException($"`{value}` is not for one line of a response", nameof(value));
}
