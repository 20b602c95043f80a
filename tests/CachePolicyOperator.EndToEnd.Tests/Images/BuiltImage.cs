using System.Text.Json;

namespace CachePolicyOperator.EndToEnd.Tests.Images;

/// <summary>What `make images` says of an image that it built.</summary>
internal sealed record BuiltImage(string Reference, string Digest, string Archive, string Sbom)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    public static BuiltImage Operator => Find("operator");

    public static BuiltImage Agent => Find("agent");

    public static BuiltImage Varnish => Find("varnish");

    public static BuiltImage Vinyl => Find("vinyl");

    /// <summary>What the names of all its versions begin with.</summary>
    public string Repository => Reference[..Reference.LastIndexOf(':')];

    public string ArchivePath => Path.Combine(Directory, Archive);

    public string SbomPath => Path.Combine(Directory, Sbom);

    private static string Directory => Path.Combine(EndToEnd.Tests.Repository.Root, "out", "images");

    public static BuiltImage Find(string name)
    {
        var file = Path.Combine(Directory, name + ".json");
        Assert.True(File.Exists(file), $"{file} is not there: run `make images`, as `make test-slow` does");
        return JsonSerializer.Deserialize<BuiltImage>(File.ReadAllText(file), Json)!;
    }
}
