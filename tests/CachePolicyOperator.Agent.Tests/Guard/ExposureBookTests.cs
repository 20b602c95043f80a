using CachePolicyOperator.Agent.Guard;
using CachePolicyOperator.Core.AgentProtocol;

namespace CachePolicyOperator.Agent.Tests.Guard;

public sealed class ExposureBookTests
{
    private static readonly ObjectKey Key = new(7, DateTimeOffset.UnixEpoch);

    private readonly ExposureBook _book = new();

    [Fact]
    public void The_same_transaction_read_twice_is_one_sighting()
    {
        Assert.True(_book.Record(Key, LeakTrigger.Served, "v", null, Sighting(1), out var isNew));
        Assert.True(isNew);
        Assert.False(_book.Record(Key, LeakTrigger.Served, "v", null, Sighting(1), out isNew));
        Assert.False(isNew);
        Assert.Single(Assert.Single(_book.TakeChanged()).Exposure.ServedTo);
        Assert.Empty(_book.TakeChanged());
    }

    [Fact]
    public void What_there_is_no_room_for_is_counted()
    {
        for (var i = 0; i < ExposureBook.MaxSightings + 3; i++)
        {
            _book.Record(Key, LeakTrigger.Served, "v", null, Sighting(i), out _);
        }

        var exposure = Assert.Single(_book.TakeChanged()).Exposure;
        Assert.Equal((ExposureBook.MaxSightings, 3), (exposure.ServedTo.Count, exposure.Omitted));
    }

    [Fact]
    public void After_a_restart_what_was_told_is_not_counted_again_and_what_was_omitted_stays_counted()
    {
        var told = new Exposure("7", DateTimeOffset.UnixEpoch, Sighting(0), [Sighting(1)], Omitted: 3);
        _book.Restore(new LeakDetected("i1", 4, DateTimeOffset.UnixEpoch, LeakTrigger.Served, null, told));

        Assert.False(_book.Record(Key, LeakTrigger.Served, "v", null, Sighting(1), out var isNew));
        Assert.False(isNew);
        Assert.True(_book.Record(Key, LeakTrigger.Served, "v", null, Sighting(2), out _));

        var exposure = Assert.Single(_book.TakeChanged()).Exposure;
        Assert.Equal([1, 2], exposure.ServedTo.Items.Select(s => s.Transaction));
        Assert.Equal(3, exposure.Omitted);
    }

    [Fact]
    public void The_gravest_trigger_stands_and_who_stored_it_is_added_when_known()
    {
        _book.Record(Key, LeakTrigger.Stored, "v", null, null, out _);
        _book.Record(Key, LeakTrigger.Served, "v", null, Sighting(1), out _);
        Assert.True(_book.Record(Key, LeakTrigger.Stored, "v", Sighting(0), null, out _));

        var (trigger, _, _, exposure) = Assert.Single(_book.TakeChanged());
        Assert.Equal(LeakTrigger.Served, trigger);
        Assert.Equal(0, exposure.StoredBy!.Transaction);
    }

    [Fact]
    public void Who_stored_it_first_stands()
    {
        _book.Record(Key, LeakTrigger.Stored, "v", Sighting(0), null, out _);

        Assert.False(_book.Record(Key, LeakTrigger.Stored, "v", Sighting(1), null, out _));
        Assert.Equal(0, Assert.Single(_book.TakeChanged()).Exposure.StoredBy!.Transaction);
    }

    [Fact]
    public void Objects_are_kept_up_to_a_number()
    {
        for (ulong i = 0; i < ExposureBook.MaxObjects + 1; i++)
        {
            _book.Record(new ObjectKey(i, DateTimeOffset.UnixEpoch), LeakTrigger.Stored, "v", null, null, out _);
        }

        Assert.Equal(ExposureBook.MaxObjects, _book.TakeChanged().Count);
    }

    private static Sighting Sighting(long transaction) =>
        new(transaction, DateTimeOffset.UnixEpoch, "a", "r", "GET", "t");
}
