using System.Globalization;

namespace CachePolicyOperator.TestCluster;

/// <summary>A directory for one test's files, readable by nobody else and gone when disposed.</summary>
public sealed class TemporaryDirectory : IDisposable
{
    private const string Prefix = "cachepolicy-";
    private const int Attempts = 5;

    static TemporaryDirectory() => RemoveThoseOfTheDead();

    // The name carries the process, so that a later one can tell who is dead.
    public TemporaryDirectory(string purpose) =>
        Path = Directory.CreateTempSubdirectory($"{Prefix}{Environment.ProcessId}-{purpose}-").FullName;

    public string Path { get; }

    public string File(params string[] names) => System.IO.Path.Combine([Path, .. names]);

    public void Dispose()
    {
        for (var attempt = 1; attempt <= Attempts && Directory.Exists(Path); attempt++)
        {
            Remove(Path);
        }
    }

    // A process that was killed could not clean up after itself.
    private static void RemoveThoseOfTheDead()
    {
        foreach (var path in Directory.EnumerateDirectories(System.IO.Path.GetTempPath(), Prefix + "*"))
        {
            var owner = System.IO.Path.GetFileName(path)[Prefix.Length..].Split('-')[0];
            if (int.TryParse(owner, CultureInfo.InvariantCulture, out var id) && !Directory.Exists($"/proc/{id}"))
            {
                Remove(path);
            }
        }
    }

    private static void Remove(string path)
    {
        try
        {
            Directory.Delete(path, recursive: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A process that was just killed wrote one more file, or it is another user's: the next try, or the next
            // run, takes it.
        }
    }
}
