namespace CachePolicyOperator.Cli.Terminals;

/// <summary>
/// Tells a person on standard error what takes longer than a second; gone when it is done. Nothing where nobody looks.
/// </summary>
internal sealed class ProgressLine : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly Terminal _terminal;
    private readonly string _what;
    private readonly long _begun;
    private readonly ITimer? _timer;
    private bool _isShown;
    private bool _isOver;

    private ProgressLine(string what, Terminal terminal)
    {
        (_what, _terminal, _begun) = (SafeText.Of(what), terminal, terminal.Time.GetTimestamp());
        _timer = terminal.IsErrorWatched
            ? terminal.Time.CreateTimer(_ => Show(), null, Patience, Patience)
            : null;
    }

    public static ProgressLine Of(string what, Terminal terminal) => new(what, terminal);

    public void Dispose()
    {
        lock (_gate)
        {
            _isOver = true;
            _timer?.Dispose();
            if (_isShown)
            {
                _terminal.Error.Write("\r\e[K");
            }
        }
    }

    private void Show()
    {
        lock (_gate)
        {
            if (!_isOver)
            {
                _isShown = true;
                _terminal.Error.Write($"\r{_what} … {_terminal.Time.GetElapsedTime(_begun).TotalSeconds:0} s\e[K");
            }
        }
    }
}
