using System.Text.Json;

namespace CachePolicyOperator.Agent.Varnish;

/// <summary>One VCL that varnishd holds, as <c>vcl.list -j</c> tells it.</summary>
internal sealed record VclEntry(string Name, string Status, string State, string Temperature, int Busy)
{
    public bool IsActive => Status == "active";

    public bool IsDiscarded => Status == "discarded";

    public bool IsWarm => Temperature == "warm";

    /// <summary>Reads the list; entries that are no VCL (labels) come with the same fields.</summary>
    public static IReadOnlyList<VclEntry> ReadAll(ReadOnlyMemory<byte> json)
    {
        using var document = JsonDocument.Parse(json);

        // [ version, [the command], time, entry, entry, … ]
        return [.. document.RootElement.EnumerateArray()
            .Where(e => e.ValueKind == JsonValueKind.Object)
            .Select(e => new VclEntry(
                Text(e, "name"), Text(e, "status"), Text(e, "state"), Text(e, "temperature"), BusyOf(e)))];
    }

    private static string Text(JsonElement entry, string field) =>
        entry.TryGetProperty(field, out var value) ? value.ToString() : "";

    private static int BusyOf(JsonElement entry) =>
        entry.TryGetProperty("busy", out var value) && value.TryGetInt32(out var busy) ? busy : 0;
}
