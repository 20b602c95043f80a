using System.CommandLine;
using System.CommandLine.Parsing;
using CachePolicyOperator.Cli.Inputs;
using CachePolicyOperator.Cli.Terminals;
using CachePolicyOperator.Core;
using CachePolicyOperator.Core.Model;
using CachePolicyOperator.Core.Personal;
using CachePolicyOperator.Core.Routes;
using CachePolicyOperator.Core.Routes.Origins;
using CachePolicyOperator.Core.Vcl;
using CachePolicyOperator.Core.Verification;

namespace CachePolicyOperator.Cli.Commands;

/// <summary>What is asked of a bare VCL: its file, and what a policy would otherwise say about the site.</summary>
internal sealed class VclOptions
{
    private static readonly EngineVersion Oldest = new(7, 0);

    private readonly Terminal _terminal;

    private readonly Option<string[]> _personal = Many("--personal",
        "A personal page, see the forms below. Needed with --vcl. May be given several times.", "PATTERN");
    private readonly Option<string[]> _cookies = Many("--identity-cookie",
        "Cookie that says who asks; a * may end the name (wordpress_logged_in_*). Cookie as a whole always counts when "
            + "it is forwarded.", "NAME");
    private readonly Option<string[]> _headers = Many("--identity-header",
        "Header that says who asks, besides Authorization.", "NAME");
    private readonly Option<string[]> _query = Many("--identity-query", "Query parameter that says who asks.", "NAME");
    private readonly Option<string[]> _profiles = Many(
        "--profile",
            $"How the origin reads a target, outermost first: {string.Join(", ", OriginProfiles.Ids)}. Default: "
                + "strict, any origin.", "PROFILE");

    private readonly Option<bool> _strict = new("--strict")
    {
        Description = "Count warnings as errors, as for what this operator renders.",
    };

    private readonly Option<bool> _anonymous = new("--anonymous")
    {
        Description = "Count personal requests that say nothing of who asks as leaks, as in policies.",
    };

    private readonly Option<bool> _allowUnused = new("--allow-unused")
    {
        Description =
            "Only warn of definitions that nothing uses, as varnishd with -p vcc_feature=-err_unref "
                + "(vcc_err_unref=off).",
    };

    public VclOptions(Terminal terminal)
    {
        _terminal = terminal;
        Varnish = CommonOptions.Engine();
        Varnish.Description = CommonOptions.EngineDescription;
        Varnish.Aliases.Add("--varnish");
        Check(_personal, text => PersonalPattern.Read(text).Mistake);
        Check(_cookies, text => IsToken(text) ? null : $"`{text}` is no name of a cookie");
        Check(_headers, text => IsToken(text) ? null : $"`{text}` is no name of a header field");
        Check(Path, text => VclPathMove.MistakeIn(text));
        Check(_query, text => text.Length > 0 ? null : "a query parameter has a name");
        _profiles.Validators.Add(result =>
        {
            foreach (var wrong in OriginProfiles.Check(Split(result.GetValueOrDefault<string[]>()), "--profile"))
            {
                result.AddError($"{wrong.Message}; {wrong.Help}");
            }
        });
    }

    public Option<string?> Vcl { get; } = new("--vcl")
    {
        Description = "VCL file to prove instead of policies, or - for standard input.",
        HelpName = "FILE",
    };

    public Option<string[]> Path { get; } = Many(
        "--vcl-path",
            "Directory of included files, as vcl_path of varnishd. Default: that of the VCL, /etc/varnish, "
                + "/usr/share/varnish/vcl. "
            + "FROM=TO reads files that are included from below the absolute path FROM, from below TO.", "DIR|FROM=TO");

    public Option<string?> Varnish { get; }

    /// <summary>Adds the options that say which VCL.</summary>
    public void AddFileTo(Command command)
    {
        command.Options.Add(Vcl);
        AddReadingTo(command);
    }

    /// <summary>Adds the options that say how a VCL is read.</summary>
    public void AddReadingTo(Command command)
    {
        command.Options.Add(Path);
        command.Options.Add(_allowUnused);
    }

    /// <summary>Adds the options that say what must not leak.</summary>
    public void AddQuestionTo(Command command)
    {
        foreach (var option in new Option[] { _personal, _cookies, _headers, _query, _profiles, Varnish, _strict,
            _anonymous })
        {
            command.Options.Add(option);
        }
    }

    /// <summary>
    /// The mistake in what was given together with <c>--vcl</c>, or without it; null where there is none.
    /// </summary>
    public string? MistakeIn(CommandResult result)
    {
        var hasVcl = result.GetResult(Vcl) is not null;
        if (hasVcl && result.GetResult(_personal) is null)
        {
            return "`--vcl` needs `--personal`: say which pages belong to one person, for example `--personal /mypage`";
        }

        if (hasVcl && EngineVersion.TryParse(result.GetValue(Varnish), out var engine) && engine < Oldest)
        {
            return $"{engine.Name} is not modelled; the proof knows {Oldest.Name} and later";
        }

        var misplaced =
            new Option[] { _personal, _cookies, _headers, _query, _profiles, _strict, _anonymous, _allowUnused }
            .FirstOrDefault(o => result.GetResult(o) is not null);
        return hasVcl || misplaced is null
            ? null
            : $"`{misplaced.Name}` is for `--vcl`; of a policy, its document says it";
    }

    /// <summary>The mistake in a question without personal pages; null where there is none.</summary>
    public string? MistakeInQuestion(CommandResult result) =>
        result.GetResult(_personal) is null
        && new Option[] { _cookies, _headers, _query, _profiles, _strict, _anonymous }
            .FirstOrDefault(o => result.GetResult(o) is not null) is { } misplaced
            ? $"`{misplaced.Name}` needs `--personal`: say which pages belong to one person"
            : null;

    /// <summary>The question that the command line asks, of each personal route alone.</summary>
    public IReadOnlyList<(string Route, VclQuestion Question)> QuestionsOf(ParseResult parsed)
    {
        var whole = QuestionOf(parsed);
        return [.. (parsed.GetValue(_personal) ?? []).Distinct()
            .Select(text => (Text: text, PersonalPattern.Read(text).Pattern))
            .Where(r => r.Pattern is not null)
            .Select(r => (r.Text, whole with { Personal = PersonalLanguage.Of([r.Pattern!], ProfilesOf(parsed)) }))];
    }

    /// <summary>The question that the command line asks.</summary>
    public VclQuestion QuestionOf(ParseResult parsed)
    {
        return new VclQuestion(
            PersonalLanguage.Of(RoutesOf(parsed), ProfilesOf(parsed)), IdentityOf(parsed), EngineOf(parsed),
            parsed.GetValue(_strict))
        {
            CountsAnonymous = parsed.GetValue(_anonymous),
            AllowsUnused = AllowsUnused(parsed),
        };
    }

    /// <summary>The pages that belong to one person.</summary>
    public IReadOnlyList<RoutePattern> RoutesOf(ParseResult parsed) =>
        [.. (parsed.GetValue(_personal) ?? []).Select(p => PersonalPattern.Read(p).Pattern).OfType<RoutePattern>()];

    /// <summary>What says who asks.</summary>
    public IdentityCarriers IdentityOf(ParseResult parsed) => new(
        (parsed.GetValue(_cookies) ?? []).Distinct().ToEquatableList(),
        (parsed.GetValue(_headers) ?? []).Select(h => h.ToLowerInvariant()).Distinct().ToEquatableList(),
        (parsed.GetValue(_query) ?? []).Distinct().ToEquatableList());

    /// <summary>How the origin reads a target, outermost first; none where nothing is said.</summary>
    public IReadOnlyList<string> ProfilesOf(ParseResult parsed) => [.. Split(parsed.GetValue(_profiles))];

    /// <summary>What short forms of <c>--personal</c> are read as, to be said.</summary>
    public IEnumerable<string> TranslationsOf(ParseResult parsed) =>
        (parsed.GetValue(_personal) ?? []).Select(PersonalPattern.Translation).OfType<string>();

    /// <summary>Whether what nothing uses is only warned of.</summary>
    public bool AllowsUnused(ParseResult parsed) => parsed.GetValue(_allowUnused);

    public EngineVersion EngineOf(ParseResult parsed) => CommonOptions.EngineOf(parsed.GetValue(Varnish), _terminal);

    private static IEnumerable<string> Split(string[]? texts) =>
        (texts ?? [])
            .SelectMany(t => t.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries));

    private static bool IsToken(string text) =>
        text.Length > 0 && text.All(c => char.IsAsciiLetterOrDigit(c) || "!#$%&'*+-.^_`|~".Contains(c));

    private static void Check(Option<string[]> option, Func<string, string?> mistakeIn) =>
        option.Validators.Add(result =>
    {
        foreach (var mistake in (result.GetValueOrDefault<string[]>() ?? []).Select(mistakeIn).OfType<string>())
        {
            result.AddError(mistake);
        }
    });

    private static Option<string[]> Many(string name, string description, string value) =>
        new(name)
        {
            Description = description,
            HelpName = value,
            AllowMultipleArgumentsPerToken = false,
            Arity = ArgumentArity.OneOrMore,
        };
}
