using CachePolicyOperator.Core;
using CachePolicyOperator.Core.Model;
using CachePolicyOperator.Entities.Documents;

namespace CachePolicyOperator.Entities.Reading;

/// <summary>Reads what is changed of responses. Which fields are nobody's to change the proof says.</summary>
internal static class ResponseReader
{
    private const int MostFields = 64;

    public static ResponseEdits Read(FieldReader response)
    {
        var set = Set(response);
        var unset = Unset(response, set);
        return new ResponseEdits(set, unset)
        {
            Cors = CorsReader.Read(response.Map<CorsSpec>("cors")),
            Browsers =
                response.Choice("browsers", nameof(BrowserCaching.NoCache), nameof(BrowserCaching.NoStore)) switch
                {
                    nameof(BrowserCaching.NoCache) => BrowserCaching.NoCache,
                    nameof(BrowserCaching.NoStore) => BrowserCaching.NoStore,
                    _ => null,
                },
        };
    }

    private static EquatableList<ResponseField> Set(FieldReader response)
    {
        var fields = new List<ResponseField>();
        foreach (var (node, path) in response.Each("set", MostFields))
        {
            var reader = FieldReader.Of<ResponseFieldSpec>(node, path, response.Findings);
            if (!reader.IsGiven)
            {
                continue;
            }

            var name = reader.RequiredText("name", "name the response field", longest: 100);
            var value = reader.RequiredText("value", "say what its value is; `unset` takes a field away");
            if (name is not null && !IsName(name))
            {
                NoName(reader, reader.At("name"), name);
                name = null;
            }

            if (value is not null && (!value.All(c => c is >= ' ' and <= '~') || value != value.Trim()))
            {
                reader.Findings.Error("value/invalid", reader.At("value"),
                    $"{Quoted.Text(value)} is no line of a response",
                    "use printable ASCII, on one line, without blanks around it");
                value = null;
            }

            if (name is null || value is null)
            {
                continue;
            }

            if (fields.Exists(f => f.Name.Equals(name, StringComparison.OrdinalIgnoreCase)))
            {
                reader.Findings.Error("name/duplicate", path, $"{Quoted.Text(name)} is set twice",
                    "remove one of them");
                continue;
            }

            fields.Add(new ResponseField(name, value));
        }

        return fields.ToEquatableList();
    }

    private static EquatableList<string> Unset(FieldReader response, EquatableList<ResponseField> set)
    {
        var names = new List<string>();
        foreach (var (name, path) in response.Texts("unset", MostFields, longest: 100))
        {
            if (!IsName(name))
            {
                NoName(response, path, name);
            }
            else if (names.Contains(name, StringComparer.OrdinalIgnoreCase))
            {
                response.Findings.Error("name/duplicate", path, $"{Quoted.Text(name)} is listed twice in `unset`",
                    "remove one of them");
            }
            else if (set.Items.Any(f => f.Name.Equals(name, StringComparison.OrdinalIgnoreCase)))
            {
                response.Findings.Error("field/conflict", path, $"{Quoted.Text(name)} is both set and unset",
                    "what is set takes the place of what was there: remove it from `unset`");
            }
            else
            {
                names.Add(name);
            }
        }

        return names.ToEquatableList();
    }

    // What else is a token no browser reads.
    private static bool IsName(string name) =>
        char.IsAsciiLetter(name[0]) && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_');

    private static void NoName(FieldReader reader, string path, string name) =>
        reader.Findings.Error("name/invalid", path, $"{Quoted.Text(name)} is no name of a response field",
            "write the name alone, of letters, digits and `-`, without `:` and blanks");
}
