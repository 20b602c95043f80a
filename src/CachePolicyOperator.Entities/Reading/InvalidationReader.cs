using CachePolicyOperator.Core;
using CachePolicyOperator.Core.Diagnostics;
using CachePolicyOperator.Core.Invalidations;
using CachePolicyOperator.Entities.Documents;

namespace CachePolicyOperator.Entities.Reading;

/// <summary>
/// From a <see cref="CacheInvalidation"/> as written to an <see cref="Invalidation"/>, or to everything that is wrong
/// with it. Never throws.
/// </summary>
public static class InvalidationReader
{
    /// <summary>How many paths, prefixes or tags one invalidation takes.</summary>
    public const int Most = 1_000;

    /// <summary>How many seconds the record stays where nothing is said.</summary>
    public const int KeptFor = 3_600;

    private const int LongestKept = 604_800;
    private const string Pattern = "pathPattern";

    public static ReadResult<Invalidation> Read(CacheInvalidation entity)
    {
        var findings = new Findings();
        return EntityDocument.Of(entity, findings) is { } document
            ? Read(document)
            : new ReadResult<Invalidation>(null, findings.ToList());
    }

    public static ReadResult<Invalidation> Read(Document document)
    {
        var findings = new Findings();
        var name = MetadataReader.Read(document, CacheInvalidation.KubeKind, findings);
        var spec = MetadataReader.Spec<CacheInvalidationSpec>(document, findings);
        var policy = Policy(spec);
        var hosts = spec.Has("hosts") ? HostReader.Read(spec).Items.Select(h => h.Value).ToEquatableList() : [];
        var pages = new StoredPages(hosts, Paths(spec, "paths"), Paths(spec, "pathPrefixes"), Tags(spec))
        {
            PathPatterns = Paths(spec, "pathPatterns"),
        };
        RequireChoice(spec, spec.Flag("all"));
        var keptFor = spec.Whole("ttlSecondsAfterFinished", 0, LongestKept) ?? KeptFor;
        return ReadResult.Of(findings, () => new Invalidation(name, policy!, pages, keptFor));
    }

    private static string? Policy(FieldReader spec)
    {
        if (spec.TextIfAny("policy")?.Contains('/', StringComparison.Ordinal) == true)
        {
            spec.Findings.Error("invalidation/namespace", spec.At("policy"),
                $"{Quoted.Text(spec.TextIfAny("policy")!)} is no policy of this namespace",
                "name the policy alone, and make the CacheInvalidation in the policy's namespace");
            return null;
        }

        return Names.ObjectName(spec, "policy", "CachePolicy");
    }

    private static EquatableList<string> Paths(FieldReader spec, string field)
    {
        var form = field switch { "paths" => "path", "pathPrefixes" => "pathPrefix", _ => Pattern };
        var paths = new List<string>();
        foreach (var (text, at) in spec.Texts(field, Most, longest: 2048))
        {
            if (Problem(form, text, at) is { } problem)
            {
                spec.Findings.Add(problem);
            }
            else
            {
                paths.Add(text);
            }
        }

        RefuseEmpty(spec, field);
        return paths.ToEquatableList();
    }

    private static Diagnostic? Problem(string form, string text, string at)
    {
        if (text[0] != '/')
        {
            return Diagnostic.Error("route/not-a-path", at, $"{Quoted.Text(text)} does not begin with `/`",
                text.Contains("://", StringComparison.Ordinal)
                    ? "leave out scheme and host: hosts are listed in `hosts`"
                    : $"write {Quoted.Text("/" + text)}");
        }

        if (text.Contains('?', StringComparison.Ordinal))
        {
            return Diagnostic.Error("invalidation/query", at, $"{Quoted.Text(text)} has a query",
                "leave out the query: every page of the path is invalidated, whatever its query");
        }

        if (form == Pattern && PatternProblem(text, at) is { } odd)
        {
            return odd;
        }

        text = form == Pattern ? PathGlob.Example(text) : text;
        return LiteralPath.Check(form, text, at) is { } pattern
                ? pattern with
                {
                    Help = "list the paths one by one, or what is below one in `pathPrefixes`, or with "
                    + "`*` in `pathPatterns`, or use `tags`"
                }
            : !Bans.CanBeStored(text)
                ? Diagnostic.Warning("invalidation/never-stored", at,
                    $"no page of {Quoted.Text(text)} is ever stored: caches and origins may read such a path "
                        + "differently, so it is passed",
                    "it does no harm; write the path as the origin names it where another one was meant")
            : null;
    }

    private static Diagnostic? PatternProblem(string text, string at) => PathGlob.StarsOf(text) switch
    {
        0 => Diagnostic.Error("invalidation/pattern", at, $"{Quoted.Text(text)} has no `*`", "list it in `paths`"),
        null => Diagnostic.Error("invalidation/pattern", at, $"{Quoted.Text(text)} has three `*` in a row",
            "`*` stands for anything within a segment, `**` for anything"),
        > PathGlob.MostStars => Diagnostic.Error("invalidation/pattern", at,
            $"{Quoted.Text(text)} has more than {PathGlob.MostStars} stars, and each one makes every cache pod slower",
            "write `**` for several, or list several patterns"),
        _ when PathGlob.IsEverything(text) => Diagnostic.Error("invalidation/pattern", at,
            $"{Quoted.Text(text)} is every page", "`all: true` takes everything that is stored"),
        _ => null,
    };

    private static EquatableList<string> Tags(FieldReader spec)
    {
        var tags = new List<string>();
        foreach (var (text, at) in spec.Texts("tags", Most))
        {
            if (text.All(c => c is > ' ' and < '\x7f' and not ','))
            {
                tags.Add(text);
                continue;
            }

            spec.Findings.Error("invalidation/tag", at, $"{Quoted.Text(text)} is no tag",
                "a tag is visible ASCII without blanks and commas, which part tags; list several one by one");
        }

        RefuseEmpty(spec, "tags");
        return tags.ToEquatableList();
    }

    private static void RefuseEmpty(FieldReader spec, string field)
    {
        if (spec.IsEmptyList(field))
        {
            spec.Findings.Error("field/empty", spec.At(field), $"`{field}` lists nothing",
                "list what is to be invalidated, or remove the field");
        }
    }

    private static void RequireChoice(FieldReader spec, bool? all)
    {
        var chosen = spec.Given("paths", "pathPrefixes", "pathPatterns", "tags");
        if (all == true && chosen.Length > 0)
        {
            spec.Findings.Error("invalidation/all-and-some", spec.At("all"),
                $"`all` takes everything, and `{chosen[0]}` says that some is meant", "keep one of them");
        }

        if (spec.IsGiven && all != true && chosen.Length == 0 && !spec.Has("hosts"))
        {
            spec.Findings.Error("invalidation/nothing", spec.Path, "it does not say which pages",
                "list `paths`, `pathPrefixes`, `pathPatterns`, `tags` or `hosts`; `all: true` takes everything that is "
                    + "stored");
        }
    }
}
