using System.Text;

namespace CachePolicyOperator.Agent.SharedLog;

/// <summary>What a read of the log ended with.</summary>
internal enum LogEnd
{
    /// <summary>Everything written so far was read.</summary>
    CaughtUp,

    /// <summary>Nothing was written since the last read but what tells of varnishd's command line.</summary>
    Quiet,

    /// <summary>The turn is over; there is more.</summary>
    More,

    /// <summary>The writer overtook the reader: records were lost.</summary>
    Overrun,

    /// <summary>The log was abandoned: varnishd or its child ended.</summary>
    Abandoned,
}

/// <summary>An open view of varnishd's shared-memory log. Used by one thread.</summary>
internal sealed unsafe class LogCursor : IDisposable
{
    private const int Turn = 20_000;

    private readonly LogTag[] _tags;
    private nint _vsm;
    private nint _vsl;
    private uint** _cursor;

    private LogCursor(LogTag[] tags) => _tags = tags;

    /// <summary>
    /// Whether the process that writes the log is still the same one. Looks into the file system: not for every read.
    /// </summary>
    public bool IsAlive
    {
        get
        {
            var status = VarnishApi.VSM_Status(_vsm);
            return (status & VarnishApi.ManagerRunning) != 0
                && (status & VarnishApi.ChildRunning) != 0
                && (status & (VarnishApi.ManagerRestarted | VarnishApi.ChildRestarted)) == 0;
        }
    }

    /// <summary>Opens the log at its oldest record; null, and why, where there is none now.</summary>
    public static LogCursor? TryOpen(string name, LogTag[] tags, out string reason)
    {
        var cursor = new LogCursor(tags);
        if (cursor.Open(name, out reason))
        {
            return cursor;
        }

        cursor.Dispose();
        return null;
    }

    /// <summary>Hands every record that is there, up to a bounded number, to <paramref name="assembler"/>.</summary>
    public LogEnd Read(TransactionAssembler assembler, ILogSink sink)
    {
        // The agent itself asks on the command line every second, which is no traffic that more would come of.
        var isQuiet = true;
        for (var i = 0; i < Turn; i++)
        {
            var status = VarnishApi.VSL_Next(_cursor);
            if (status != VarnishApi.StatusMore)
            {
                return status switch
                {
                    VarnishApi.StatusEnd => isQuiet ? LogEnd.Quiet : LogEnd.CaughtUp,
                    VarnishApi.StatusOverrun => LogEnd.Overrun,
                    _ => LogEnd.Abandoned,
                };
            }

            var record = *_cursor;
            var tag = _tags[record[0] >> 24];
            isQuiet &= tag == LogTag.CLI;
            if (tag != LogTag.Other)
            {
                Hand(record, tag, assembler, sink);
            }
        }

        return LogEnd.More;
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
    private static void Hand(uint* record, LogTag tag, TransactionAssembler assembler, ILogSink sink)
    {
        var isWide = ((record[0] >> 16) & 3) != 0;
        var length = (int)(record[0] & 0xffff);
        var text = new ReadOnlySpan<byte>(record + (isWide ? 3 : 2), length);
        if (length > 0 && text[^1] == 0)
        {
            text = text[..^1];
        }

        if (tag == LogTag.CLI)
        {
            // "Rd vcl.use NAME": what the manager has the process do. It also asks, which changes nothing.
            if (text.StartsWith("Rd vcl."u8) && !text.StartsWith("Rd vcl.list"u8) && !text.StartsWith("Rd vcl.show"u8))
            {
                sink.Commanded();
            }

            return;
        }

        var marker = (isWide ? record[2] : record[1]) >> 30;
        var number = isWide ? (((ulong)record[2] << 32) | record[1]) & ((1UL << 51) - 1) : record[1] & 0x3fffffff;
        if ((marker & 1) != 0)
        {
            assembler.Client(tag, number, text);
        }
        else if ((marker & 2) != 0)
        {
            assembler.Fetch(tag, number, text);
        }
    }

    private bool Open(string name, out string reason)
    {
        _vsm = VarnishApi.VSM_New();
        if (!Argument('n', name) || !Argument('t', "0") || VarnishApi.VSM_Attach(_vsm, -1) != 0)
        {
            reason = $"no varnishd is running with the working directory `{name}`";
            return false;
        }

        var status = VarnishApi.VSM_Status(_vsm);
        if ((status & VarnishApi.ManagerRunning) == 0 || (status & VarnishApi.ChildRunning) == 0)
        {
            reason = "varnishd runs no process that serves";
            return false;
        }

        _vsl = VarnishApi.VSL_New();
        _cursor = VarnishApi.VSL_CursorVSM(_vsl, _vsm, 0);
        reason = _cursor == null ? "varnishd has no log yet, or the agent may not read its working directory" : "";
        return _cursor != null;
    }

    private bool Argument(char option, string value)
    {
        fixed (byte* text = Encoding.UTF8.GetBytes(value + '\0'))
        {
            return VarnishApi.VSM_Arg(_vsm, (byte)option, text) > 0;
        }
    }
}
