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
    private readonly Dictionary<string, (string Path, NamedOrigin? Origin)> _byName = new(StringComparer.Ordinal);
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
    public EquatableList<NamedOrigin> All => _byName.Values.Select(o => o.Origin).OfType<NamedOrigin>().ToEquatableList();

    /// <summary>The name of the origin that a rule names; null where it is the default one, or none.</summary>
    public string? Named(FieldReader rule)
    {
        if (rule.Text("origin", 63) is not { } name)
        {
            return null;
        }

        if (rule.Has("synthetic"))
        {
            rule.Findings.Error("field/conflict", rule.At("origin"), "the rule answers by itself, and no origin is asked",
                "give `origin` or `synthetic`");
        }

        if (_byName.ContainsKey(name))
        {
            _asked.Add(name);
            return name;
        }

        rule.Findings.Error("origin/unknown", rule.At("origin"), $"there is no origin {Quoted.Text(name)}",
            Suggestion.Nearest(name, [.. _byName.Keys]) is { } near ? $"did you mean `{near}`?"
            : _byName.Count == 0 ? "list it in `spec.origins`, or remove it: what no rule leads elsewhere is of `spec.origin`"
            : $"list it in `spec.origins`, or use one of {string.Join(", ", _byName.Keys.Select(n => $"`{n}`"))}");
        return null;
    }

    /// <summary>What is only known when every rule has been read.</summary>
    public void TellUnused()
    {
        if (_spec.Has("vcl") && _spec.Has("origins"))
        {
            _spec.Findings.Error("field/conflict", _spec.At("origins"), "both `origins` and `vcl` are given",
                "declare the backends in your VCL");
            return;
        }

        foreach (var (name, (path, _)) in _byName.Where(o => !_asked.Contains(o.Key)))
        {
            _spec.Findings.Add(Diagnostic.Warning("origin/unused", path, $"no rule asks the origin `{name}`",
                $"write `origin: {name}` in the rules whose requests it answers, or remove it"));
        }
    }

    private void ReadOne(FieldReader reader)
    {
        var origin = OriginReader.ReadOne(reader);
        if (reader.IsGiven && !reader.Has("service"))
        {
            reader.Missing("service", "name the Service and its port: `service: {name: …, port: …}`");
        }

        var host = reader.Has("host") ? HostReader.One(reader, "host") : null;
        var isCovered = Covered(reader);
        if (Name(reader) is not { } name)
        {
            return;
        }

        if (isCovered is false)
        {
            reader.Findings.Add(Diagnostic.Warning("origin/not-covered", reader.At("coveredByDefault"),
                $"at the level `NoCache`, and while no cache pod answers, requests for the origin `{name}` go to `spec.origin`, which does not answer them",
                "let `spec.origin` answer them as well, or lead them on, and say `coveredByDefault: true`; at the level `Bypassed` each request finds its origin"));
        }

        if (!_byName.TryAdd(name, (reader.Path, origin is null ? null : new NamedOrigin(name, origin, isCovered is true) { Host = host })))
        {
            reader.Findings.Error("name/duplicate", reader.At("name"),
                $"two origins are named {Quoted.Text(name)}, the first is {_byName[name].Path}", "rename one of them");
        }
    }

    private static bool? Covered(FieldReader reader)
    {
        if (reader.IsGiven && !reader.Has("coveredByDefault"))
        {
            reader.Missing("coveredByDefault",
                "where there is no cache every request goes to `spec.origin`: say `true` where it answers those of this origin as well, or leads them on, and `false` where it does not");
        }

        return reader.Flag("coveredByDefault");
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
}
