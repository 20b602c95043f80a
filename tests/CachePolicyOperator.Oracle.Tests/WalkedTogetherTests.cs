using CachePolicyOperator.Core.Verification.Symbolic;
using CachePolicyOperator.Oracle.Fuzz;
using CachePolicyOperator.Oracle.Generate;
using CachePolicyOperator.Oracle.Model;

namespace CachePolicyOperator.Oracle.Tests;

/// <summary>Walking alike paths together is a matter of time only: every path walked alone ends with the same.</summary>
public sealed class WalkedTogetherTests
{
    private const int Vcls = 40;

    // What two rounds and tries find, the next ones find again, and take the longer for it.
    private const int MaxRounds = 1;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Paths_walked_together_look_up_send_and_store_what_they_do_alone(int seed)
    {
        var compared = 0;
        for (var number = 0; number < Vcls; number++)
        {
            var vcl = new VclGenerator(new Dice((ulong)((seed * 1000) + number))).NextOfOwn();
            if (VclModel.Of(vcl, Trials.Engine, out var reason) is not { } together || VclModel.Of(vcl, Trials.Engine, out reason, oneByOne: true) is not { } alone)
            {
                Assert.StartsWith("too complex", reason, StringComparison.Ordinal);
                continue;
            }

            compared++;
            var (expected, actual) = (Ends(alone), Ends(together));
            Assert.True(expected.SetEquals(actual),
                $"seed {seed}, VCL {number}: alone {string.Join(" | ", expected.Except(actual).Take(2))}; together {string.Join(" | ", actual.Except(expected).Take(2))}\n{vcl}");
        }

        Assert.True(compared > Vcls / 2, $"{compared} compared");
    }

    private static HashSet<string> Ends(VclModel model) =>
    [
        .. model.Hashed.Where(IsEarly).Select(s => $"hashed {Tell(s)}"),
        .. model.Sent.Where(IsEarly).Select(s => $"sent {Tell(s)}"),
        .. model.Stores.Select(o => o.State).Where(IsEarly).Select(s => $"stored {Tell(s)}"),
    ];

    private static bool IsEarly(PathState state) => state.Restarts <= MaxRounds && state.Retries <= MaxRounds;

    private static string Tell(PathState state) =>
        $"{state.Restarts}.{state.Retries} key [{string.Join(", ", state.Key.Select(Tell))}] url {Tell(state.UrlSent())} "
        + string.Join(", ", state.Fields.Keys.Order(StringComparer.Ordinal).Select(name => $"{name} = {Tell(state.FieldOf(name))}").Where(f => !f.EndsWith("as it came", StringComparison.Ordinal)));

    private static string Tell(Field field) => field switch
    {
        AbsentField => "absent",
        InputField => "as it came",
        _ => Tell(InputSpace.TextOf(field)),
    };

    // Unknown values are numbered in the order in which they are met.
    private static string Tell(Text text) => text switch
    {
        ConstantText constant => $"\"{constant.Value}\"",
        InputText input => input.Input,
        JoinedText joined => string.Join(" + ", joined.Parts.Items.Select(Tell)),
        AnyText any => $"any of {string.Join(", ", any.Sources)}",
        MappedText mapped => $"{mapped.Map.Key}({Tell(mapped.Source)})",
        _ => text.GetType().Name,
    };
}
