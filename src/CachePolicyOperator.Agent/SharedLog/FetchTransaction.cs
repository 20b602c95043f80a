using System.Buffers;

namespace CachePolicyOperator.Agent.SharedLog;

/// <summary>What the log tells of one fetch from the origin.</summary>
internal sealed class FetchTransaction
{
    private readonly ArrayBufferWriter<byte> _targets = new(256);
    private readonly List<int> _targetEnds = [];
    private bool _sent;
    private bool _cacheable;
    private bool _fresh;
    private bool _stored;
    private bool _failed;
    private bool _isGet;
    private int _status;

    public ulong Number { get; private set; }

    /// <summary>The response goes to one client only and cannot be stored.</summary>
    public bool IsPass { get; private set; }

    /// <summary>The response was stored in a way that a later lookup may find.</summary>
    public bool IsStored => !IsPass && _stored && _cacheable && _fresh && !_failed;

    /// <summary>The origin gave a page: 200 to a GET or HEAD, before any VCL changed it.</summary>
    public bool IsPage => _isGet && _status == 200;

    /// <summary>The origin itself said <c>no-store</c> or <c>private</c> of all of the response.</summary>
    public bool IsForbidden { get; private set; }

    public string? Vcl { get; private set; }

    public DateTimeOffset Started { get; private set; }

    public DateTimeOffset Responded { get; private set; }

    public int TargetCount => _targetEnds.Count;

    /// <summary>A target that this fetch had on its way to the origin, rewrites included.</summary>
    public ReadOnlySpan<byte> Target(int index) =>
        _targets.WrittenSpan[(index == 0 ? 0 : _targetEnds[index - 1]).._targetEnds[index]];

    public void Begin(ulong number, bool isPass)
    {
        Number = number;
        IsPass = isPass;
        _targets.ResetWrittenCount();
        _targetEnds.Clear();
        _sent = _cacheable = _fresh = _stored = _failed = _isGet = IsForbidden = false;
        _status = 0;
        Vcl = null;
        Started = Responded = DateTimeOffset.UnixEpoch;
    }

    public void Read(LogTag tag, ReadOnlySpan<byte> data)
    {
        switch (tag)
        {
            case LogTag.BereqURL when !_sent && _targetEnds.Count < 16:
                _targets.Write(data);
                _targetEnds.Add(_targets.WrittenCount);
                break;
            case LogTag.BereqMethod when !_sent:
                _isGet = data.SequenceEqual("GET"u8) || data.SequenceEqual("HEAD"u8);
                break;
            case LogTag.BerespStatus when !_sent:
                _status = (int)LogNumber.Leading(data);
                break;
            case LogTag.BerespHeader when !_sent && CacheControl.IsIn(data):
                IsForbidden |= CacheControl.Forbids(data);
                break;
            case LogTag.VCL_use:
                Vcl = System.Text.Encoding.UTF8.GetString(LogNumber.Word(ref data));
                break;
            case LogTag.VCL_call when data.SequenceEqual("BACKEND_RESPONSE"u8):
                _sent = true;
                break;
            case LogTag.VCL_call when data.SequenceEqual("BACKEND_ERROR"u8):
                // What varnishd made up itself holds nothing of the origin's.
                _failed = true;
                break;
            case LogTag.TTL:
                ReadFreshness(data);
                break;
            case LogTag.Storage:
                _stored = true;
                break;
            case LogTag.Timestamp when data.StartsWith("Start: "u8):
                Started = LogNumber.Time(data["Start: ".Length..]);
                break;
            case LogTag.Timestamp when data.StartsWith("BerespBody: "u8):
                Responded = LogNumber.Time(data["BerespBody: ".Length..]);
                break;
        }
    }

    // "RFC 60 10 0 … cacheable", "VCL 0 10 0 … uncacheable", "HFM 120 …". The last one stands. The ttl is rounded to
    // whole seconds, so 0 may be a millisecond, which is shared by way of grace.
    private void ReadFreshness(ReadOnlySpan<byte> data)
    {
        _cacheable = data.EndsWith(" cacheable"u8);
        if (LogNumber.Word(ref data).StartsWith("HF"u8))
        {
            _cacheable = false;
        }

        _fresh = !LogNumber.Word(ref data).StartsWith("-"u8);
    }
}
