using System.Threading.Channels;
using CachePolicyOperator.Agent.Guard;

namespace CachePolicyOperator.Agent.Leaks;

/// <summary>Tells of leaks: the first account at once, what is added to it in batches.</summary>
internal sealed class LeakReporter(
    ExposureBook book, LeakTeller teller, TimeProvider time, ILogger<LeakReporter> logger) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongPause = TimeSpan.FromSeconds(2);
    private const int ManySightings = 1_000;

    private readonly Channel<bool> _news = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    public void Notify() => _news.Writer.TryWrite(true);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await foreach (var _ in _news.Reader.ReadAllAsync(stoppingToken))
        {
            try
            {
                await teller.TellAsync(stoppingToken);
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                logger.TellingFailed(e);
            }

            await Task.Delay(book.Sightings > ManySightings ? LongPause : Pause, time, stoppingToken);
        }
    }
}
