using System.Text.Json;
using CachePolicyOperator.Core.Model;
using CachePolicyOperator.Core.Personal;
using CachePolicyOperator.Core.Routes;
using CachePolicyOperator.Core.Vcl.Syntax;
using CachePolicyOperator.Core.Verification;
using CachePolicyOperator.Oracle.Generate;

namespace CachePolicyOperator.Oracle.Fuzz;

/// <summary>The cases of a run, each made from the seed and its number alone. Some are mutations of fixtures.</summary>
internal sealed class Batches(FuzzOptions options, IReadOnlyList<string> fixtures)
{
    private const int FixtureEach = 25;
    private const int SiteEach = 5;
    private const int PolicyEach = 5;
    private const int TwinsOfVcl = 40;

    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true };

    /// <summary>What the proof is asked of the fixtures and their mutations.</summary>
    public static VclQuestion Question { get; } = new(
        PersonalLanguage.Of([new PathPrefix("/mypage"), new PathPrefix("/account")], ["go"]),
            new IdentityCarriers(["session"], ["x-api-key"], []), Trials.Engine, Strict: false);

    public static bool IsOfFixture(int number) => number % FixtureEach == FixtureEach - 1;

    /// <summary>Whether the VCL is a long one out of what real configurations are made of.</summary>
    public static bool IsOfSite(int number) => number % SiteEach == 1;

    /// <summary>Whether the VCL is what a policy becomes.</summary>
    public bool IsOfPolicy(int number) => options.PoliciesOnly || number % PolicyEach == 3;

    /// <summary>Whether the proof is asked of the VCL.</summary>
    private static bool IsProof(int number) => IsOfFixture(number) || IsOfSite(number);

    public Case Make(int number)
    {
        var dice = new Dice((options.Seed * 1_000_003) + (ulong)number);
        if (IsOfPolicy(number))
        {
            return OfPolicy(dice, number);
        }

        var vcl = IsOfSite(number) ? Site(dice)
            : fixtures.Count > 0 && IsOfFixture(number) ? new VclMutator(dice).Mutate(dice.Of(fixtures))
            : new VclGenerator(dice).Next();
        var requests = new ExchangeGenerator(new Dice((options.Seed * 7_777_777) + (ulong)number),
            Vocabulary.Of(VclParser.Parse("fuzz.vcl", vcl).File));
        var exchanges = Enumerable.Range(0, options.OfVcl).Select(_ => requests.Next()).ToList();
        exchanges.AddRange(Enumerable.Range(0, IsProof(number) ? TwinsOfVcl : 0)
            .SelectMany(i => Twins.Of(requests.Next(), dice, i)));
        return new Case(vcl, exchanges) { Question = IsProof(number) ? Question : null };
    }

    /// <summary>The policy of that number, as JSON.</summary>
    public string PolicyOf(int number) => PolicyOf(new Dice((options.Seed * 1_000_003) + (ulong)number));

    private static string PolicyOf(Dice dice) => new PolicyGenerator(dice).Next().ToJsonString(Readable);

    private Case OfPolicy(Dice dice, int number)
    {
        var gate = PolicyGate.Of(PolicyOf(dice));
        var vcl = gate.Text ?? string.Empty;
        var requests = new ExchangeGenerator(new Dice((options.Seed * 7_777_777) + (ulong)number),
            Vocabulary.Of(VclParser.Parse("fuzz.vcl", vcl).File), "www.example.com");
        return new Case(vcl,
        [
            .. Enumerable.Range(0, options.OfVcl).Select(_ => requests.Next()),
            .. Enumerable.Range(0, TwinsOfVcl).SelectMany(i => Twins.OfPolicy(requests.Next(), dice, i)),
        ])
        {
            Gate = gate,
            Question = gate.Text is null ? null : gate.Question,
        };
    }

    private static string Site(Dice dice) =>
        new SiteGenerator(dice).Next() is var site && dice.OneIn(3) ? new VclMutator(dice).Mutate(site) : site;
}
