namespace CachePolicyOperator.Architecture.Tests;

/// <summary>One planted fault for each rule of the order of folders: the check finds it, and nothing else.</summary>
public sealed class PlantedReferenceTests
{
    private const string Earlier = "namespace Planted.Earlier; public sealed class First { public void Act() { } }";

    private const string Later = """
        namespace Planted.Later;
        public sealed class Second
        {
            public const int Limit = 1; public static int Count => 2; public Earlier.First? Known;
        }

        public static class Extensions { public static void Help(this Earlier.First first) => first.Act(); }
        """;

    [Fact]
    public void A_reference_to_an_earlier_folder_is_allowed() =>
        Assert.Equal([], Violations(("Earlier/First.cs", Earlier), ("Later/Second.cs", Later)));

    [Theory]
    [InlineData("a type", "public Planted.Later.Second? Field;")]
    [InlineData("a constant", "public const int Limit = Planted.Later.Second.Limit;")]
    [InlineData("a static member", "public int Count() => Planted.Later.Second.Count;")]
    [InlineData("a name", "public string Name() => nameof(Planted.Later.Second);")]
    [InlineData("a type argument", "public System.Collections.Generic.List<Planted.Later.Second> List = new();")]
    [InlineData("a base class", "public sealed class Inner : System.Collections.Generic.List<Planted.Later.Second>;")]
    [InlineData("an attribute", "[Planted.Later.Mark] public int Marked;")]
    public void A_reference_to_a_later_folder_is_found(string what, string member)
    {
        var planted = $"namespace Planted.Earlier;\npublic class Bad\n{{\n    {member}\n}}";
        const string Mark = "namespace Planted.Later; public sealed class MarkAttribute : System.Attribute;";

        var violations = Violations(
            ("Earlier/First.cs", Earlier), ("Earlier/Bad.cs", planted),
            ("Later/Second.cs", Later), ("Later/Mark.cs", Mark));

        Assert.True(violations.Length > 0, $"{what} was not found");
        Assert.All(violations, v => Assert.StartsWith("Earlier/Bad.cs:4 refers to ", v));
    }

    [Fact]
    public void An_extension_method_of_a_later_folder_is_found()
    {
        const string Planted = """
            using Planted.Later;
            namespace Planted.Earlier;
            public class Bad
            {
                public void Act(First first) => first.Help();
            }
            """;

        var violations = Violations(
            ("Earlier/First.cs", Earlier), ("Earlier/Bad.cs", Planted), ("Later/Second.cs", Later));

        Assert.Equal(["Earlier/Bad.cs:5 refers to Extensions of Later/"], violations);
    }

    [Fact]
    public void A_folder_without_a_place_is_found() =>
        Assert.Equal(
            ["Elsewhere/ has no place in the order of Planted"],
            Violations(
                ("Earlier/First.cs", Earlier),
                ("Later/Second.cs", Later),
                ("Elsewhere/Third.cs", "namespace Planted.Elsewhere;")));

    [Fact]
    public void A_place_without_a_folder_is_found() =>
        Assert.Equal(
            ["Later/ has a place in the order of Planted, and no file"], Violations(("Earlier/First.cs", Earlier)));

    [Fact]
    public void A_namespace_that_is_not_the_folder_is_found() =>
        Assert.Equal(
            ["Earlier/Moved.cs is of namespace Planted.Later, not of its folder's"],
            Violations(
                ("Earlier/Moved.cs", "namespace Planted.Later; public class Moved;"),
                ("Later/Second.cs", "namespace Planted.Later;")));

    private static string[] Violations(params (string Path, string Text)[] files)
    {
        var sources = files.Select(f => new SourceFile(f.Path, f.Text));
        var project = new SourceProject("Planted", IsWeb: false, [], [], [.. sources]);
        return [.. new FolderOrder("Planted", ["Earlier", "Later"]).Violations(project, project.Compile([]))];
    }
}
