using System.Globalization;
using CachePolicyOperator.Core;
using CachePolicyOperator.Core.Model;
using CachePolicyOperator.Entities.Documents;

namespace CachePolicyOperator.Entities.Reading;

/// <summary>
/// Reads what a team adds to the pods of a managed cache. What could lead other traffic to them, have varnishd run
/// other code or take from it what it needs is refused. Annotations may have a mesh put its sidecar beside them.
/// </summary>
internal static class PodsReader
{
    private const int Most = 64;

    /// <summary>Whatever else varnishd, its compiler and its loader read could make them run something else.</summary>
    private const string OwnVariables = "VCL_";

    private static readonly string[] Directories = ["/etc/varnish/", "/mnt/", "/srv/"];

    /// <param name="pods">The field.</param>
    /// <param name="least">Bytes of memory that varnishd must have.</param>
    public static PodSettings Read(FieldReader pods, long least)
    {
        var resources = pods.Map<ComputeSpec>("resources");
        var (requests, limits) = (Amounts(resources, "requests"), Amounts(resources, "limits"));
        Check(resources, requests, limits, least);
        return new PodSettings
        {
            Labels = Labels(pods),
            Annotations = Annotations(pods),
            NodeSelector = Checked(pods, "nodeSelector").ToEquatableList(),
            Tolerations = Tolerations(pods),
            PriorityClass = Name(pods, "priorityClassName", pods.Text("priorityClassName", 253)),
            ImagePullSecrets = pods.Texts("imagePullSecrets", Most)
                .Where(s => IsObject(pods, s.Path, s.Text)).Select(s => s.Text).Distinct().ToEquatableList(),
            Environment = Environment(pods),
            Files = Files(pods),
            Requests = requests,
            Limits = limits,
        };
    }

    private static EquatableList<NamedText> Labels(FieldReader pods)
    {
        var labels = new List<NamedText>();
        foreach (var label in Checked(pods, "labels"))
        {
            if (label.Name.Split('/') is [var prefix, _] && !IsReserved(prefix))
            {
                labels.Add(label);
            }
            else
            {
                pods.Findings.Error("label/reserved", $"{pods.At("labels")}.{label.Name}",
                    $"{Quoted.Text(label.Name)} is a label that Services or the operator select pods by",
                    $"give it a prefix of yours, for example `example.com/{label.Name.Split('/')[^1]}`: a Service that "
                        + "selected cache pods would lead to them around the entry");
            }
        }

        return labels.ToEquatableList();
    }

    private static EquatableList<NamedText> Annotations(FieldReader pods)
    {
        var annotations = new List<NamedText>();
        foreach (var (name, text, path) in pods.Pairs("annotations", Most))
        {
            if (!IsQualified(name))
            {
                NoName(pods, path, name, "an annotation");
            }
            else if (name.StartsWith("cachepolicy.dev/", StringComparison.Ordinal))
            {
                pods.Findings.Error("label/reserved", path, $"{Quoted.Text(name)} is the operator's", "remove it");
            }
            else
            {
                annotations.Add(new NamedText(name, text));
            }
        }

        return annotations.ToEquatableList();
    }

    private static EquatableList<PodToleration> Tolerations(FieldReader pods)
    {
        var tolerations = new List<PodToleration>();
        foreach (var (node, path) in pods.Each("tolerations", Most))
        {
            var reader = FieldReader.Of<TolerationSpec>(node, path, pods.Findings);
            var key = reader.Text("key", 317);
            var kind = reader.Choice("operator", "Equal", "Exists") ?? "Equal";
            var effect = reader.Choice("effect", "NoSchedule", "PreferNoSchedule", "NoExecute");
            var seconds = reader.Whole("tolerationSeconds", 0, int.MaxValue);
            var value = reader.Text("value", 63);
            if (key is not null && !IsQualified(key))
            {
                NoName(pods, reader.At("key"), key, "a taint");
            }
            else if (value is not null && !IsValue(value))
            {
                NoValue(pods, reader.At("value"), value);
            }
            else if ((kind == "Exists" && value is not null) || (kind == "Equal" && key is null))
            {
                pods.Findings.Error("field/conflict", path, kind == "Exists"
                    ? "with `operator: Exists` no value is compared" : "a value is compared, and of no key",
                    kind == "Exists" ? "remove `value`, or write `operator: Equal`"
                        : "name the `key`, or write `operator: Exists`: every taint");
            }
            else if (seconds is not null && effect != "NoExecute")
            {
                pods.Findings.Error("field/conflict", path, "`tolerationSeconds` is of `effect: NoExecute` alone",
                    "write that effect, or remove `tolerationSeconds`");
            }
            else
            {
                tolerations.Add(new PodToleration(key, kind, value, effect, seconds));
            }
        }

        return tolerations.ToEquatableList();
    }

    private static EquatableList<NamedText> Environment(FieldReader pods)
    {
        var variables = new List<NamedText>();
        foreach (var (node, path) in pods.Each("env", Most))
        {
            var reader = FieldReader.Of<VariableSpec>(node, path, pods.Findings);
            var name = reader.RequiredText("name", "name the variable", 128);
            var value = reader.RequiredText("value", "say what its value is", 4096);
            if (name is not null
                && !(name == "TZ"
                    || (name.StartsWith(OwnVariables, StringComparison.Ordinal)
                    && name.All(c => char.IsAsciiLetterOrDigit(c) || c == '_'))))
            {
                reader.Findings.Error("env/not-allowed", reader.At("name"),
                    $"{Quoted.Text(name)} is no variable that a policy may set",
                    $"write `TZ`, or a name that begins with `{OwnVariables}` and that your VCL asks for by "
                        + "`std.getenv`: others change what the programs in the pod do");
            }
            else if (value is not null && !value.All(c => c is >= ' ' and <= '~'))
            {
                reader.Findings.Error("value/invalid", reader.At("value"), $"{Quoted.Text(value)} is no line of text",
                    "use printable ASCII, on one line");
            }
            else if (name is not null && variables.Exists(v => v.Name == name))
            {
                reader.Findings.Error("name/duplicate", path, $"{Quoted.Text(name)} is set twice",
                    "remove one of them");
            }
            else if (name is not null && value is not null)
            {
                // Kubernetes puts other variables where it finds `$(…)`.
                variables.Add(new NamedText(name, value.Replace("$", "$$", StringComparison.Ordinal)));
            }
        }

        return variables.ToEquatableList();
    }

    private static EquatableList<PodFiles> Files(FieldReader pods)
    {
        var files = new List<PodFiles>();
        foreach (var (node, path) in pods.Each("files", 16))
        {
            var reader = FieldReader.Of<FilesSpec>(node, path, pods.Findings);
            if (!reader.IsGiven)
            {
                continue;
            }

            var directory = reader.RequiredText("path",
                "say where varnishd sees the files, for example `/etc/varnish/data`", 253)?.TrimEnd('/');
            var given = reader.Given("configMap", "secret");
            if (given.Length != 1)
            {
                reader.Findings.Error(given.Length == 0 ? "field/missing" : "field/conflict", path,
                    given.Length == 0 ? "neither `configMap` nor `secret` is given"
                        : "both `configMap` and `secret` are given",
                    "name the one whose keys are the files");
                continue;
            }

            var name = Name(reader, given[0], reader.Text(given[0], 253));
            if (directory is not null && !IsDirectory(directory))
            {
                reader.Findings.Error("files/path", reader.At("path"),
                    $"{Quoted.Text(directory)} is no place for files",
                    $"choose a directory below {string.Join(", ", Directories.Select(d => $"`{d.TrimEnd('/')}`"))}, of "
                        + "letters, digits, `-`, `_` and `.`");
            }
            else if (files.Exists(f => f.Path == directory))
            {
                reader.Findings.Error("name/duplicate", path, $"{Quoted.Text(directory!)} has files already",
                    "give these another directory");
            }
            else if (name is not null && directory is not null)
            {
                files.Add(
                    new PodFiles(given[0] == "secret" ? FilesSource.Secret : FilesSource.ConfigMap, name, directory));
            }
        }

        return files.ToEquatableList();
    }

    private static bool IsDirectory(string path) =>
        Array.Exists(Directories, d => path.StartsWith(d, StringComparison.Ordinal))
            && path[1..].Split('/')
                .All(p => p.Length > 0 && p.Trim('.').Length > 0
                && p.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.'));

    private static ComputeAmounts Amounts(FieldReader resources, string name)
    {
        var amounts = resources.Map<AmountsSpec>(name);
        return new ComputeAmounts(Whole(amounts, "cpu", 1_000, "`500m` or `2`"),
            Whole(amounts, "memory", 1, "`512Mi` or `2Gi`"));
    }

    private static long? Whole(FieldReader amounts, string name, int parts, string examples)
    {
        if (amounts.NumberOrText(name) is not { } text)
        {
            return null;
        }

        if (Quantity.Of(text, NumberStyles.AllowDecimalPoint) * parts is { } amount and >= 1)
        {
            return (long)Math.Ceiling(amount);
        }

        amounts.Findings.Error("resources/invalid", amounts.At(name), $"{Quoted.Text(text)} is no amount of `{name}`",
            $"write a number and a unit, for example {examples}");
        return null;
    }

    private static void Check(FieldReader resources, ComputeAmounts requests, ComputeAmounts limits, long least)
    {
        if (requests.Millicores > limits.Millicores || requests.Memory > limits.Memory)
        {
            resources.Findings.Error("field/conflict", resources.Path, "more is asked for than the limit lets it have",
                "let `requests` be no more than `limits`");
        }

        if (limits.Memory < least)
        {
            resources.Findings.Error("resources/too-small", $"{resources.At("limits")}.memory",
                "what is stored does not fit into the memory, so the pod would be killed when the cache is full",
                $"let it have `{least >> 20}Mi` at least: `storage`, and 128Mi for what varnishd needs beside it");
        }
    }

    /// <summary>Those of a map of labels whose names and values Kubernetes takes.</summary>
    private static IEnumerable<NamedText> Checked(FieldReader pods, string field)
    {
        foreach (var (name, text, path) in pods.Pairs(field, Most))
        {
            if (!IsQualified(name))
            {
                NoName(pods, path, name, "a label");
            }
            else if (!IsValue(text))
            {
                NoValue(pods, path, text);
            }
            else
            {
                yield return new NamedText(name, text);
            }
        }
    }

    private static string? Name(FieldReader reader, string field, string? name) =>
        name is not null && IsObject(reader, reader.At(field), name) ? name : null;

    private static bool IsObject(FieldReader reader, string path, string name)
    {
        if (Names.IsSubdomain(name))
        {
            return true;
        }

        reader.Findings.Error("name/invalid", path, $"{Quoted.Text(name)} is no name of an object",
            "Kubernetes allows lower-case letters, digits, `-` and `.`, at most 253 characters");
        return false;
    }

    private static bool IsReserved(string prefix) =>
        Array.Exists(["cachepolicy.dev", "kubernetes.io", "k8s.io"],
            r => prefix == r || prefix.EndsWith($".{r}", StringComparison.Ordinal));

    private static bool IsQualified(string name) => name.Split('/') switch
    {
        [var plain] => plain.Length > 0 && IsValue(plain),
        [var prefix, var plain] => Names.IsSubdomain(prefix) && plain.Length > 0 && IsValue(plain),
        _ => false,
    };

    private static bool IsValue(string text) => text.Length == 0 || (text.Length <= 63
        && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.')
        && char.IsAsciiLetterOrDigit(text[0]) && char.IsAsciiLetterOrDigit(text[^1]));

    private static void NoName(FieldReader reader, string path, string name, string what) =>
        reader.Findings.Error("name/invalid", path, $"{Quoted.Text(name)} is no name of {what}",
            "Kubernetes allows 63 letters, digits, `-`, `_` and `.`, after a domain and `/` where there is one");

    private static void NoValue(FieldReader reader, string path, string value) =>
        reader.Findings.Error("value/invalid", path, $"{Quoted.Text(value)} is no value of a label",
            "Kubernetes allows 63 letters, digits, `-`, `_` and `.`, the first and the last of them a letter or digit");
}
