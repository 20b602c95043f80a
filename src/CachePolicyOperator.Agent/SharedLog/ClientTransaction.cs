using System.Buffers;
using System.Buffers.Text;

namespace CachePolicyOperator.Agent.SharedLog;

/// <summary>What the log tells of one client request, ESI fragment, or one round of a restarted request.</summary>
internal sealed class ClientTransaction
{
    // What one request may fill: more is cut off, and said so. varnishd allows 32 KiB for a whole request by default.
    private const int MaxHeaders = 256 * 1024;

    private readonly ArrayBufferWriter<byte> _target = new(256);
    private readonly ArrayBufferWriter<byte> _lookedUp = new(256);
    private readonly ArrayBufferWriter<byte> _headers = new(1024);
    private readonly List<int> _headerEnds = [];
    private readonly List<ulong> _fetches = [];
    private bool _received;
    private bool _sawTarget;

    public ulong Number { get; private set; }

    /// <summary>The transaction that this one continues (after a restart); null for a request that just came.</summary>
    public ClientTransaction? Continues { get; private set; }

    public string Method { get; private set; } = "";

    /// <summary>The target as it was received, before any rewrite of this round.</summary>
    public ReadOnlySpan<byte> Target => _target.WrittenSpan;

    /// <summary>The target as it was at the lookup or at the fetch.</summary>
    public ReadOnlySpan<byte> LookedUp => _lookedUp.WrittenSpan;

    public int HeaderCount => _headerEnds.Count;

    /// <summary>Numbers of the fetches that this request caused and whose responses may have been stored.</summary>
    public IReadOnlyList<ulong> Fetches => _fetches;

    /// <summary>Number of the fetch that stored the object that the lookup found; 0 where it found none.</summary>
    public ulong Hit { get; private set; }

    /// <summary>
    /// When the found object expires, or did (grace is counted from there); null where none was found.
    /// </summary>
    public DateTimeOffset? Expires { get; private set; }

    /// <summary>Whether the found object was what the client was sent.</summary>
    public bool Served => Outcome == Outcome.Hit;

    /// <summary>What became of it, as far as this round goes.</summary>
    public Outcome Outcome { get; private set; }

    /// <summary>Whether another round follows this one.</summary>
    public bool WasRestarted { get; private set; }

    public string? Vcl { get; private set; }

    public DateTimeOffset Started { get; private set; }

    public DateTimeOffset Responded { get; private set; }

    /// <summary>One received header line, <c>Name: value</c>, in order of arrival; duplicates are kept.</summary>
    public ReadOnlySpan<byte> Header(int index) =>
        _headers.WrittenSpan[(index == 0 ? 0 : _headerEnds[index - 1]).._headerEnds[index]];

    /// <summary>The first round of a request that was restarted; itself otherwise.</summary>
    public ClientTransaction First
    {
        get
        {
            var first = this;
            while (first.Continues is { } earlier)
            {
                first = earlier;
            }

            return first;
        }
    }

    public void Begin(ulong number, ClientTransaction? continues)
    {
        Number = number;
        Continues = continues;
        Method = "";
        _target.ResetWrittenCount();
        _lookedUp.ResetWrittenCount();
        _headers.ResetWrittenCount();
        _headerEnds.Clear();
        _fetches.Clear();
        _received = _sawTarget = WasRestarted = false;
        Outcome = Outcome.Other;
        Hit = 0;
        Expires = null;
        Vcl = continues?.Vcl;
        Started = Responded = DateTimeOffset.UnixEpoch;
    }

    public void Read(LogTag tag, ReadOnlySpan<byte> data)
    {
        switch (tag)
        {
            case LogTag.ReqMethod when !_received:
                Method = MethodName(data);
                break;
            case LogTag.ReqURL:
                ReadTarget(data);
                break;
            case LogTag.ReqHeader when !_received && _headers.WrittenCount + data.Length <= MaxHeaders:
                _headers.Write(data);
                _headerEnds.Add(_headers.WrittenCount);
                break;
            case LogTag.VCL_use:
                Vcl = VclName(data);
                break;
            case LogTag.VCL_call:
                ReadCall(data);
                break;
            case LogTag.VCL_return when data.SequenceEqual("restart"u8):
                Outcome = Outcome.Other;
                break;
            case LogTag.Hit:
                ReadHit(data);
                break;
            case LogTag.Link:
                ReadLink(data);
                break;
            case LogTag.Timestamp when data.StartsWith("Start: "u8):
                Started = LogNumber.Time(data["Start: ".Length..]);
                break;
            case LogTag.Timestamp when data.StartsWith("Resp: "u8):
                Responded = LogNumber.Time(data["Resp: ".Length..]);
                break;
        }
    }

    private static string MethodName(ReadOnlySpan<byte> data) =>
        data switch
        {
            _ when data.SequenceEqual("GET"u8) => "GET",
            _ when data.SequenceEqual("HEAD"u8) => "HEAD",
            _ when data.SequenceEqual("POST"u8) => "POST",

            // A method is a token; what is none is not repeated to others.
            _ => data.Length <= 32 && !data.ContainsAnyExceptInRange((byte)'A', (byte)'Z')
                ? System.Text.Encoding.ASCII.GetString(data)
                : "OTHER",
        };

    private string VclName(ReadOnlySpan<byte> data)
    {
        var name = LogNumber.Word(ref data);
        return Vcl is { } known && name.Length == known.Length && System.Text.Ascii.Equals(name, known)
            ? known
            : System.Text.Encoding.UTF8.GetString(name);
    }

    private void ReadTarget(ReadOnlySpan<byte> data)
    {
        if (!_sawTarget)
        {
            _target.Write(data);
            _sawTarget = true;
        }

        // What is set after the lookup neither chose the object nor reached the origin.
        if (Hit == 0)
        {
            _lookedUp.ResetWrittenCount();
            _lookedUp.Write(data);
        }
    }

    // "32770 59.98 10.0 0.0": who stored it, and what was left of ttl, grace and keep when the request came.
    private void ReadHit(ReadOnlySpan<byte> data)
    {
        Hit = LogNumber.Leading(LogNumber.Word(ref data));
        if (Utf8Parser.TryParse(LogNumber.Word(ref data), out double left, out _) && Math.Abs(left) < 1e9)
        {
            Expires = Started.AddSeconds(left);
        }
    }

    private void ReadCall(ReadOnlySpan<byte> data)
    {
        _received = true;
        Outcome = data switch
        {
            _ when data.SequenceEqual("HIT"u8) => Outcome.Hit,
            _ when data.SequenceEqual("MISS"u8) => Outcome.Miss,
            _ when data.SequenceEqual("PASS"u8) => Outcome.Pass,
            _ when data.SequenceEqual("SYNTH"u8) => Outcome.Synth,
            _ when data.SequenceEqual("PIPE"u8) => Outcome.Pipe,

            // RECV, HASH, DELIVER and the like decide nothing of it.
            _ => Outcome,
        };
    }

    // "bereq 32789 fetch", "bereq 32789 bgfetch"; a pass stores nothing. "req 6 restart" announces the next round.
    private void ReadLink(ReadOnlySpan<byte> data)
    {
        var isFetch = LogNumber.Word(ref data).SequenceEqual("bereq"u8);
        var number = LogNumber.Leading(LogNumber.Word(ref data));
        if (isFetch && !data.StartsWith("pass"u8) && _fetches.Count < 64)
        {
            _fetches.Add(number);
        }
        else if (!isFetch && data.StartsWith("restart"u8))
        {
            WasRestarted = true;
        }
    }
}
