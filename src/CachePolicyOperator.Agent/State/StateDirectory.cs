using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using CachePolicyOperator.Agent.Acts;
using CachePolicyOperator.Core;
using CachePolicyOperator.Core.AgentProtocol;

namespace CachePolicyOperator.Agent.State;

/// <summary>
/// The files that the agent restores from. Each is replaced whole, so that a crash leaves the old one or the new one.
/// What cannot be read counts as absent: then nothing is served as proven until the operator puts it again.
/// </summary>
internal sealed class StateDirectory
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private static readonly JsonSerializerOptions Json = new(AgentApi.Json)
    {
        TypeInfoResolver = JsonTypeInfoResolver.Combine(AgentApi.Json.TypeInfoResolver, StateJson.Default),
    };

    private readonly string _path;
    private readonly string _revisions;
    private readonly IFailPoints _failPoints;
    private readonly ILogger<StateDirectory> _logger;

    public StateDirectory(string path, IFailPoints failPoints, ILogger<StateDirectory> logger)
    {
        _path = path;
        _revisions = Path.Combine(path, "revisions");
        _failPoints = failPoints;
        _logger = logger;
        Directory.CreateDirectory(_revisions, OwnerOnly | UnixFileMode.UserExecute);
    }

    public ProvenState ReadState() => Read<ProvenState>(Path.Combine(_path, "state.json")) ?? ProvenState.Fresh;

    public void Write(ProvenState state) => Write("state.json", state);

    public GuardRecord? ReadGuard() => Read<GuardRecord>(Path.Combine(_path, "guard.json"));

    public void Write(GuardRecord guard) => Write("guard.json", guard);

    public IReadOnlyList<LeakDetected> ReadLeaks() => Read<LeakDetected[]>(Path.Combine(_path, "leaks.json")) ?? [];

    public void Write(IReadOnlyList<LeakDetected> leaks) => Write("leaks.json", leaks.ToArray());

    /// <summary>The first sequence that was never handed out, or reserved, before.</summary>
    public long ReadReserved() => Read<long[]>(Path.Combine(_path, "sequence.json")) is [var reserved] ? reserved : 0;

    public void WriteReserved(long sequence) => Write("sequence.json", new[] { sequence });

    /// <summary>A revision whose text still has its digest; null where there is none.</summary>
    public RevisionPackage? ReadRevision(Digest digest)
    {
        var package = Read<RevisionPackage>(RevisionFile(digest));
        return package is not null && Digest.Of(package.Vcl) == digest ? package : null;
    }

    public void Write(RevisionPackage package) =>
        Write(Path.Combine("revisions", FileName(package.Proof.Digest)), package);

    /// <summary>Removes the revisions that are not in <paramref name="held"/>.</summary>
    public void Keep(IReadOnlyCollection<Digest> held)
    {
        var names = held.Select(FileName).ToHashSet();
        foreach (var file in Directory.GetFiles(_revisions).Where(f => !names.Contains(Path.GetFileName(f))))
        {
            _failPoints.Before($"delete {Path.GetFileName(file)}");
            File.Delete(file);
            _failPoints.After($"delete {Path.GetFileName(file)}");
        }
    }

    private static JsonTypeInfo<T> Written<T>() => (JsonTypeInfo<T>)Json.GetTypeInfo(typeof(T));

    private static string FileName(Digest digest) => $"{digest.Hex}.json";

    private string RevisionFile(Digest digest) => Path.Combine(_revisions, FileName(digest));

    private T? Read<T>(string file)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(file), Written<T>());
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (Exception e) when (e
            is JsonException or IOException or UnauthorizedAccessException or NotSupportedException)
        {
            _logger.StateUnreadable(file, e.Message);
            return null;
        }
    }

    private void Write<T>(string name, T value)
    {
        _failPoints.Before($"write {name}");
        var file = Path.Combine(_path, name);
        var draft = file + ".new";
        using (var stream = new FileStream(draft, new FileStreamOptions
        {
            Mode = FileMode.Create,
            Access = FileAccess.Write,
            UnixCreateMode = OwnerOnly,
        }))
        {
            JsonSerializer.Serialize(stream, value, Written<T>());
            stream.Flush(flushToDisk: true);
        }

        File.Move(draft, file, overwrite: true);
        _failPoints.After($"write {name}");
    }
}
