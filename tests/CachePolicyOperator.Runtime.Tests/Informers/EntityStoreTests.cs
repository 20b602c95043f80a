using System.Text.Json;
using CachePolicyOperator.Runtime.Abstractions;
using CachePolicyOperator.Runtime.Client;
using CachePolicyOperator.Runtime.Informers;
using k8s.Models;

namespace CachePolicyOperator.Runtime.Tests.Informers;

public sealed class EntityStoreTests
{
    private static readonly NamespacedName Key = new("web", "a");

    private readonly EntityStore<V1ConfigMap> _store = new(map => map.Metadata.Labels?.Values ?? []);

    [Fact]
    public void What_is_handed_out_can_be_changed_without_changing_the_store()
    {
        _store.Upsert(ConfigMap("a", "1", "red"));
        _store.Find(Key)!.Metadata.Labels["colour"] = "blue";
        _store.All()[0].Metadata.Labels["colour"] = "blue";
        _store.IndexedBy("red")[0].Metadata.Labels["colour"] = "blue";
        Assert.Equal("red", _store.Find(Key)!.Metadata.Labels["colour"]);
    }

    [Fact]
    public void A_version_that_is_known_is_not_announced_again()
    {
        Assert.NotNull(_store.Upsert(ConfigMap("a", "1", "red")));
        Assert.Null(_store.Upsert(ConfigMap("a", "1", "red")));
        Assert.NotNull(_store.Upsert(ConfigMap("a", "2", "red")));
    }

    [Fact]
    public void A_list_announces_what_is_new_what_changed_and_what_is_gone_and_nothing_else()
    {
        _store.Replace(
            [ConfigMap("same", "1", "red"), ConfigMap("changed", "2", "red"), ConfigMap("gone", "3", "red")]);
        var changes = _store.Replace(
            [ConfigMap("same", "1", "red"), ConfigMap("changed", "9", "red"), ConfigMap("new", "8", "red")]);
        Assert.Equal(["changed", "gone", "new"], changes.Select(change => change.Key.Name).Order());
        var gone = Assert.Single(changes, change => change.IsDeletion);
        Assert.Equal("gone", gone.Old!.Metadata.Name);
    }

    [Fact]
    public void Who_is_told_of_a_deletion_sees_what_was_deleted_where_that_is_known_and_else_what_was_kept()
    {
        _store.Upsert(ConfigMap("a", "1", "red"));
        Assert.Equal("blue", _store.Remove(Key, ConfigMap("a", "2", "blue").Entity)!.Old!.Metadata.Labels["colour"]);

        _store.Upsert(ConfigMap("a", "3", "red"));
        Assert.Equal("red", _store.Remove(Key)!.Old!.Metadata.Labels["colour"]);
        Assert.Null(_store.Remove(Key));
    }

    [Fact]
    public void An_object_without_a_name_is_passed_over()
    {
        Assert.Empty(_store.Replace([Read("""{"metadata":{"namespace":"web","resourceVersion":"1"} }""")]));
        Assert.Empty(_store.Keys());
    }

    [Fact]
    public void The_first_list_completes_the_sync()
    {
        Assert.False(_store.Synced.IsCompleted);
        _store.Replace([]);
        Assert.True(_store.Synced.IsCompletedSuccessfully);
    }

    [Fact]
    public void The_index_follows_changes_and_deletions()
    {
        _store.Upsert(ConfigMap("a", "1", "red"));
        _store.Upsert(ConfigMap("b", "2", "red"));
        _store.Upsert(ConfigMap("a", "3", "blue"));
        Assert.Equal("b", Assert.Single(_store.IndexedBy("red")).Metadata.Name);
        Assert.Equal("a", Assert.Single(_store.IndexedBy("blue")).Metadata.Name);
        _store.Remove(Key);
        Assert.Empty(_store.IndexedBy("blue"));
    }

    [Fact]
    public void An_object_that_becomes_unreadable_keeps_its_last_readable_copy_and_is_not_taken_for_deleted()
    {
        _store.Upsert(ConfigMap("a", "1", "red"));
        var change = _store.Upsert(
            Read("""{"metadata":{"namespace":"web","name":"a","resourceVersion":"2"},"data":"no map"}"""));
        Assert.False(change!.IsDeletion);
        Assert.Equal("red", _store.Find(Key)!.Metadata.Labels["colour"]);
        var unreadable = Assert.Single(_store.Unreadable);
        Assert.Equal(Key, unreadable.Key);
        Assert.Contains("$.data", unreadable.Error);
        Assert.Contains(Key, _store.Keys());
    }

    [Fact]
    public void An_object_that_was_never_readable_is_known_by_its_key_and_forgotten_when_mended()
    {
        _store.Replace([Read("""{"metadata":{"namespace":"web","name":"a","resourceVersion":"1"},"data":[]}""")]);
        Assert.Null(_store.Find(Key));
        Assert.Empty(_store.All());
        Assert.Equal([Key], _store.Keys());
        _store.Upsert(ConfigMap("a", "2", "red"));
        Assert.Empty(_store.Unreadable);
        Assert.NotNull(_store.Find(Key));
    }

    [Fact]
    public void Managed_fields_are_not_kept_and_the_kind_is_filled_in()
    {
        _store.Upsert(
            Read("""{"metadata":{"namespace":"web","name":"a","resourceVersion":"1","managedFields":[{"manager":"me"}]}}"""));
        var found = _store.Find(Key)!;
        Assert.Null(found.Metadata.ManagedFields);
        Assert.Equal(("v1", "ConfigMap"), (found.ApiVersion, found.Kind));
    }

    private static ReadObject<V1ConfigMap> ConfigMap(string name, string version, string colour) => Read(
        $$$"""{"metadata":{"namespace":"web","name":"{{{name}}}","resourceVersion":"{{{version}}}","labels":{"colour":"{{{colour}}}"} } }""");

    private static ReadObject<V1ConfigMap> Read(string json)
    {
        using var document = JsonDocument.Parse(json);
        return ReadObject<V1ConfigMap>.From(document.RootElement, ResourceType.Of<V1ConfigMap>());
    }
}
