using System.Text;
using CachePolicyOperator.Agent.SharedLog;

namespace CachePolicyOperator.Oracle.Real;

/// <summary>varnishd's log, read where varnishd writes it: every transaction with its records, none left out.</summary>
internal sealed unsafe class VarnishLog : IDisposable
{
    private const uint FromTheEnd = 1;

    private readonly LogTag[] _tags = ReadTags();
    private readonly Dictionary<uint, Transaction> _open = [];
    private nint _vsm;
    private nint _vsl;
    private uint** _cursor;

    private VarnishLog()
    {
    }

    /// <summary>Transactions that ended, by their number.</summary>
    public Dictionary<uint, Transaction> Ended { get; } = [];

    public static VarnishLog Open(string workDirectory)
    {
        var log = new VarnishLog { _vsm = VarnishApi.VSM_New() };
        log.Argument('n', workDirectory);
        log.Argument('t', "5");
        if (VarnishApi.VSM_Attach(log._vsm, -1) != 0)
        {
            throw new InvalidOperationException($"no varnishd runs in {workDirectory}");
        }

        _ = VarnishApi.VSM_Status(log._vsm);
        log._vsl = VarnishApi.VSL_New();
        log._cursor = VarnishApi.VSL_CursorVSM(log._vsl, log._vsm, FromTheEnd);
        return log._cursor == null ? throw new InvalidOperationException("varnishd has no log") : log;
    }

    /// <summary>Reads what was written since.</summary>
    public void Read()
    {
        int status;
        while ((status = VarnishApi.VSL_Next(_cursor)) == VarnishApi.StatusMore)
        {
            Take(*_cursor);
        }

        if (status != VarnishApi.StatusEnd)
        {
            throw new InvalidOperationException("varnishd wrote its log faster than it was read");
        }
    }

    public void Forget()
    {
        Ended.Clear();
        _open.Clear();
    }

    public void Dispose()
    {
        if (_cursor != null)
        {
            VarnishApi.VSL_DeleteCursor(_cursor);
            _cursor = null;
        }

        if (_vsl != 0)
        {
            VarnishApi.VSL_Delete(_vsl);
            _vsl = 0;
        }

        if (_vsm != 0)
        {
            var vsm = _vsm;
            VarnishApi.VSM_Destroy(&vsm);
            _vsm = 0;
        }
    }

    // A record is [tag:8 …, version:2, length:16] [number, two words from version 1 on (Varnish 7.3)] [text,
    // NUL-terminated].
    private void Take(uint* record)
    {
        var tag = _tags[record[0] >> 24];
        if (tag == LogTag.Other)
        {
            return;
        }

        var isWide = ((record[0] >> 16) & 3) != 0;
        var text = new ReadOnlySpan<byte>(record + (isWide ? 3 : 2), (int)(record[0] & 0xffff));
        if (text.Length > 0 && text[^1] == 0)
        {
            text = text[..^1];
        }

        var number = record[1] & 0x3fffffff;
        if (tag == LogTag.Begin)
        {
            _open[number] = new Transaction(number, Encoding.Latin1.GetString(text));
        }
        else if (_open.TryGetValue(number, out var transaction))
        {
            if (tag != LogTag.End)
            {
                transaction.Records.Add(new LogRecord(tag, Encoding.Latin1.GetString(text)));
                return;
            }

            _open.Remove(number);
            Ended[number] = transaction;
        }
    }

    private void Argument(char option, string value)
    {
        fixed (byte* text = Encoding.UTF8.GetBytes(value + '\0'))
        {
            _ = VarnishApi.VSM_Arg(_vsm, (byte)option, text);
        }
    }

    private static LogTag[] ReadTags()
    {
        var table = new LogTag[256];
        foreach (var tag in Enum.GetValues<LogTag>().Where(t => t != LogTag.Other))
        {
            var name = tag.ToString();
            fixed (byte* text = Encoding.ASCII.GetBytes(name))
            {
                var number = VarnishApi.VSL_Name2Tag(text, name.Length);
                table[number is >= 0 and < 256 ? number
                    : throw new NotSupportedException($"the log knows no record `{name}`")] = tag;
            }
        }

        return table;
    }
}
