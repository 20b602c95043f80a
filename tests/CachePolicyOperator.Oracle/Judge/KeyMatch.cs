using CachePolicyOperator.Oracle.Model;

namespace CachePolicyOperator.Oracle.Judge;

/// <summary>
/// Whether what was hashed is what a key says. The log has a record for each strand, and none for the end of a
/// <c>hash_data</c>: a part of the key is one or more records, or none where its value is empty.
/// </summary>
internal static class KeyMatch
{
    public static bool Matches(IReadOnlyList<Values> key, IReadOnlyList<string> records)
    {
        var reachable = new bool[records.Count + 1];
        reachable[0] = true;
        foreach (var part in key)
        {
            var next = new bool[records.Count + 1];
            for (var from = 0; from <= records.Count; from++)
            {
                if (!reachable[from])
                {
                    continue;
                }

                var value = string.Empty;
                for (var to = from; ; to++)
                {
                    next[to] |= part.Contain(value);
                    if (to == records.Count)
                    {
                        break;
                    }

                    value += records[to];
                }
            }

            reachable = next;
        }

        return reachable[records.Count];
    }
}
