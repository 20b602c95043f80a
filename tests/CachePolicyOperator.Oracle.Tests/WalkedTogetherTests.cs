using CachePolicyOperator.Core.Verification.State;
using CachePolicyOperator.Core.Verification.Values;
using CachePolicyOperator.Oracle.Fuzz;
using CachePolicyOperator.Oracle.Generate;
using CachePolicyOperator.Oracle.Model;

namespace CachePolicyOperator.Oracle.Tests;

/// <summary>
/// Walking alike paths together is a matter of time only: every path walked alone ends with the same.
/// </summary>
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
            if (VclModel.Of(vcl, Trials.Engine, out var reason) is not { } together
                || VclModel.Of(vcl, Trials.Engine, out reason, oneByOne: true) is not { } alone)
            {
                Assert.StartsWith("too complex", reason, StringComparison.Ordinal);
                continue;
            }

            compared++;
            var (expected, actual) = (Ends(alone), Ends(together));
            Assert.True(expected.SetEquals(actual),
                $"seed {seed}, VCL {number}: alone {string.Join(" | ", expected.Except(actual).Take(2))}; together "
                    + $"{string.Join(" | ", actual.Except(expected).Take(2))}\n{vcl}");
        }

        Assert.True(compared > Vcls / 2, $"{compared} compared");
    }

    // Paths may be merged in one way or another: of a field that may have come, both are told.
    private static HashSet<string> Ends(VclModel model)
    {
        End[] ends =
        [
            .. model.Hashed.Where(IsEarly).Select(s => EndOf("hashed", Input.OfClientField, s)),
            .. model.Sent.Where(IsEarly).Select(s => EndOf("sent", Input.OfBackendField, s)),
            .. model.Stores.Select(o => o.State).Where(IsEarly).Select(s => EndOf("stored", Input.OfBackendField, s)),
        ];
        return [.. ends.SelectMany(end => end.Each([.. Names.Select(end.Field)]))];
    }

    private static bool IsEarly(SymbolicState state) => state.Restarts <= MaxRounds && state.Retries <= MaxRounds;

    private static End EndOf(string what, Func<string, Input> field, SymbolicState state)
    {
        var owner = field(Names[0]).Owner;
        var names = state.Fields.Keys.Where(name => name.IsOfField && name.Owner == owner).Union(Names.Select(field));
        var fields = names.ToDictionary(name => name, name => Tell(state, state.FieldOf(name)));
        return new End(
            $"{what} {state.Restarts}.{state.Retries} key [{string.Join(", ", state.Key.Select(Tell))}] url "
                + $"{Tell(state.UrlSent())}", field, fields);
    }

    /// <summary>How a path ends: what it makes of which field.</summary>
    private sealed record End(string What, Func<string, Input> Field, IReadOnlyDictionary<Input, string> Fields)
    {
        public IEnumerable<string> Each(IReadOnlyList<Input> names)
        {
            IEnumerable<string> told = [What
                + string.Concat(Fields.Where(f => !names.Contains(f.Key)).OrderBy(f => f.Key)
                .Select(f => $", {f.Key} = {f.Value}"))];
            return names.Aggregate(told,
                (before, name) => [.. before.SelectMany(t => Values(name).Select(v => $"{t}, {name} = {v}"))]);
        }

        private string[] Values(Input name) => Fields[name] switch
        {
            AsItCame => [Absent, ItCame],
            MayBeTaken => [Absent, MayBeTaken],
            var told => [told],
        };
    }

    // Those that the generator writes.
    private static readonly string[] Names = [
        "x-a", "x-b", "x-c", "cookie", "authorization", "user-agent", "accept-language"];

    private const string Absent = "absent";
    private const string AsItCame = "as it came";
    private const string ItCame = "as it surely came";
    private const string MayBeTaken = "as it came, unless Connection takes it away";

    private static string Tell(SymbolicState state, Field field) => field switch
    {
        AbsentField => Absent,
        AnyField any when any.Value.Why == ForwardingRules.Named => MayBeTaken,
        InputField came => state.PathCondition.GetValueOrDefault(came.Input) switch
        {
            { MayBePresent: false } => Absent,
            { MayBeAbsent: false } => ItCame,
            _ => AsItCame,
        },
        _ => Tell(field.Read()),
    };

    // Unknown values are numbered in the order in which they are met.
    private static string Tell(Text text) => text switch
    {
        ConstantText constant => $"\"{constant.Value}\"",
        InputText input => input.Input.Name,
        JoinedText joined => string.Join(" + ", joined.Parts.Items.Select(Tell)),
        AnyText any => $"any of {string.Join(", ", any.Taint)}",
        MappedText mapped => $"{mapped.Map.Key}({Tell(mapped.Source)})",
        _ => text.GetType().Name,
    };
}
