using System.Text;

namespace CachePolicyOperator.Core.Routes.Regex;

/// <summary>
/// The replacement text of <c>regsub</c>: bytes, with places for groups (<c>\0</c> to <c>\9</c>). A backslash before
/// anything else stands for that byte (VRE_sub in Varnish's source).
/// </summary>
internal sealed class SubstitutionTemplate
{
    private readonly List<byte[]> _before = [];
    private readonly List<int> _groups = [];

    /// <param name="groupCount">Groups beyond these are empty.</param>
    public SubstitutionTemplate(string latin1, int groupCount)
    {
        var text = new List<byte>();
        var bytes = Encoding.Latin1.GetBytes(latin1);
        for (var i = 0; i < bytes.Length; i++)
        {
            if (bytes[i] != '\\' || i + 1 == bytes.Length)
            {
                text.Add(bytes[i]);
            }
            else if (bytes[++i] is >= (byte)'0' and <= (byte)'9' and var digit)
            {
                if (digit - '0' <= groupCount)
                {
                    _before.Add([.. text]);
                    _groups.Add(digit - '0');
                    text.Clear();
                }
            }
            else
            {
                text.Add(bytes[i]);
            }
        }

        _before.Add([.. text]);
    }

    /// <summary>The groups in the order in which they are written.</summary>
    public IReadOnlyList<int> Groups => _groups;

    /// <summary>The place of a group among <see cref="Groups"/>.</summary>
    public int PlaceOf(int group) => _groups.IndexOf(group);

    /// <summary>The bytes between two places; the places between them are of groups that took no part.</summary>
    public byte[] Between(int from, int to) => [.. Enumerable.Range(from, to - from + 1).SelectMany(i => _before[i])];

    /// <summary>The bytes from a place to the end.</summary>
    public byte[] From(int place) => Between(place, _groups.Count);
}
