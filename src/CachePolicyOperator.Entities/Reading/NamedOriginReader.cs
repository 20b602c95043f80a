using CachePolicyOperator.Core;
using CachePolicyOperator.Core.Diagnostics;
using CachePolicyOperator.Core.Model;
using CachePolicyOperator.Entities.Documents;

namespace CachePolicyOperator.Entities.Reading;

/// <summary>Reads <c>spec.origins</c>, and which of them a rule names.</summary>
internal sealed class NamedOriginReader
{
    private const int Most = 50;

    private readonly FieldReader _spec;
    private readonly Dictionary<string, Written> _byName = new(StringComparer.Ordinal);
    private readonly HashSet<string> _asked = new(StringComparer.Ordinal);

    public NamedOriginReader(FieldReader spec)
    {
        _spec = spec;
        foreach (var (node, path) in spec.Each("origins", Most))
        {
            ReadOne(FieldReader.Of<NamedOriginSpec>(node, path, spec.Findings));
        }
    }

    /// <summary>Those without a mistake, in the order of the policy.</summary>
    public EquatableList<NamedOrigin> All =>
        _byName.Values.Select(o => o.Origin).OfType<NamedOrigin>().ToEquatableList();

    /// <summary>The name of the origin that a rule names; null where it is the default one, or none.</summary>
    public string? Named(FieldReader rule)
    {
        if (rule.Text("origin", 63) is not { } name)
        {
            return null;
        }

        if (rule.Has("synthetic"))
        {
            rule.Findings.Error("field/conflict", rule.At("origin"),
                "the rule answers by itself, and no origin is asked",
                "give `origin` or `synthetic`");
        }

        if (_byName.ContainsKey(name))
        {
            _asked.Add(name);
            return name;
        }

        TellUnknown(name, rule.At("origin"));
        return null;
    }

    /// <summary>What is only known when every rule has been read.</summary>
    public void TellRest(Origin? ofAll)
    {
        if (_spec.Has("vcl") && _spec.Has("origins"))
        {
            _spec.Findings.Error("field/conflict", _spec.At("origins"), "both `origins` and `vcl` are given",
                "declare the backends in your VCL");
            return;
        }

        var standbys = _byName.Values.Where(o => _asked.Contains(o.Name)).Select(o => o.Origin?.Origin.Standby)
            .Append(ofAll?.Standby).OfType<string>().ToHashSet(StringComparer.Ordinal);
        TellStandby(ofAll, null, _spec.At("origin"));
        foreach (var origin in _byName.Values)
        {
            TellStandby(origin.Origin?.Origin, origin, origin.Reader.Path);
            if (_asked.Contains(origin.Name))
            {
                TellCovered(origin);
            }
            else if (!standbys.Contains(origin.Name))
            {
                _spec.Findings.Add(Diagnostic.Warning("origin/unused", origin.Reader.Path,
                    $"no rule asks the origin `{origin.Name}`",
                    $"write `origin: {origin.Name}` in the rules whose requests it answers, or remove it"));
            }
        }
    }

    private void ReadOne(FieldReader reader)
    {
        var origin = OriginReader.ReadOne(reader);
        var host = reader.Has("host") ? HostReader.One(reader, "host") : null;
        var rewrite = RewriteReader.Read(reader.Map<RewriteSpec>("rewrite"));
        var isCovered = reader.Flag("coveredByDefault");
        if (Name(reader) is not { } name)
        {
            return;
        }

        var read = origin is null ? null
            : new NamedOrigin(name, origin, isCovered is true) { Host = host, Rewrite = rewrite };
        if (!_byName.TryAdd(name, new Written(name, reader, read)))
        {
            reader.Findings.Error("name/duplicate", reader.At("name"),
                $"two origins are named {Quoted.Text(name)}, the first is {_byName[name].Reader.Path}",
                    "rename one of them");
        }
    }

    private void TellUnknown(string name, string path) =>
        _spec.Findings.Error("origin/unknown", path, $"there is no origin {Quoted.Text(name)}",
            Suggestion.Nearest(name, [.. _byName.Keys]) is { } near ? $"did you mean `{near}`?"
            : _byName.Count == 0
                ? "list it in `spec.origins`, or remove it: what no rule leads elsewhere is of `spec.origin`"
            : $"list it in `spec.origins`, or use one of {string.Join(", ", _byName.Keys.Select(n => $"`{n}`"))}");

    private static void TellCovered(Written origin)
    {
        var (name, reader, read) = origin;
        if (!reader.Has("coveredByDefault"))
        {
            reader.Missing("coveredByDefault",
                "where there is no cache every request goes to `spec.origin`: say `true` where it answers those of "
                    + "this origin as well, or leads them on, and `false` where it does not");
        }
        else if (read is { IsCovered: false })
        {
            reader.Findings.Add(Diagnostic.Warning("origin/not-covered", reader.At("coveredByDefault"),
                $"at the level `NoCache`, and while no cache pod answers, requests for the origin `{name}` go to "
                    + "`spec.origin`, which does not answer them",
                "let `spec.origin` answer them as well, or lead them on, and say `coveredByDefault: true`; at the "
                    + "level `Bypassed` each request finds its origin"));
        }
    }

    private void TellStandby(Origin? origin, Written? named, string path)
    {
        if (origin?.Standby is not { } name)
        {
            return;
        }

        path = $"{path}.standby";
        if (!_byName.TryGetValue(name, out var standby))
        {
            TellUnknown(name, path);
        }
        else if (origin.Probe is null)
        {
            Tell("without a `probe` nobody finds out that the origin is not well, and its `standby` is never asked",
                "say what a well origin answers: `probe: {path: /healthz}`");
        }
        else if (standby.Origin?.Origin.Standby is not null)
        {
            Tell($"`{name}` stands in, and has a `standby` itself", "name an origin that has none");
        }
        else if (standby.Origin is { } other && other.Host != named?.Origin?.Host)
        {
            Tell($"`{name}` has another `host`, and stands in for requests that have this one's",
                "give both the same `host`, or none");
        }
        else if (standby.Origin is { } rewriting && rewriting.Rewrite != named?.Origin?.Rewrite)
        {
            Tell($"`{name}` has another `rewrite`, and stands in for requests that have this one's",
                "give both the same `rewrite`, or none");
        }

        void Tell(string message, string help) => _spec.Findings.Error("origin/standby", path, message, help);
    }

    private static string? Name(FieldReader reader)
    {
        if (reader.RequiredText("name", "name the origin, so that a rule can ask it") is not { } name)
        {
            return null;
        }

        if (Names.IsLabel(name) && char.IsAsciiLetter(name[0]))
        {
            return name;
        }

        reader.Findings.Error("name/invalid", reader.At("name"), $"{Quoted.Text(name)} is no name of an origin",
            "use lower-case letters, digits and `-`, beginning with a letter, at most 63 of them");
        return null;
    }

    /// <summary>An origin as it is written.</summary>
    /// <param name="Origin">Null where something is wrong with it.</param>
    private sealed record Written(string Name, FieldReader Reader, NamedOrigin? Origin);
}
