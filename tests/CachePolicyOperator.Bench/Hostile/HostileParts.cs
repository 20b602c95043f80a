using CachePolicyOperator.Bench.Measuring;
using CachePolicyOperator.Bench.Routes;
using CachePolicyOperator.Core.Model;
using CachePolicyOperator.Core.Personal;
using CachePolicyOperator.Core.Routes;
using CachePolicyOperator.Core.Vcl;
using CachePolicyOperator.Core.Vcl.Syntax;
using CachePolicyOperator.Core.Verification;
using CachePolicyOperator.Core.Verification.Questions;

namespace CachePolicyOperator.Bench.Hostile;

/// <summary>
/// Every hostile input, each as one run in a process of its own, code compilation included: none may take more than two
/// seconds or 500 MB, whatever the answer.
/// </summary>
internal static class HostileParts
{
    private static readonly Goal Goal = new(Milliseconds: 2_000, Megabytes: 500);

    public static IReadOnlyList<Part> All { get; } =
    [
        .. HostilePatterns.All.Select(
            p => Part($"rule-{p.Name}", "a regex as a rule",
            () => HostilePolicies.Check(
            Catalogue.AsPolicies("strict", [new PathRegex(p.Pattern)], [new PathPrefix("/mypage")])))),
        .. HostilePatterns.All.Select(
            p => Part($"personal-{p.Name}", "a regex as a personal route",
            () => HostilePolicies.Check(
            Catalogue.AsPolicies("strict", [new PathPrefix("/page")], [new PathRegex(p.Pattern)])))),
        .. HostilePatterns.All.Select(
            p => Part($"match-{p.Name}", "a regex in a VCL",
            () => Verify(VclParser.Parse("hostile.vcl", InVcl(p.Pattern))))),
        .. HostileVcls.All.Select(v => Part($"vcl-{v.Name}", "a VCL", () => Verify(v.Parse()))),
        .. HostilePolicies.All.Select(
            p => Part($"policy-{p.Name}", "a policy", () => HostilePolicies.Check(p.Policies()))),
    ];

    private static Part Part(string name, string what, Func<string> work) =>
        new($"hostile/{name}", what, Goal, Plan.Once, () => work);

    private static string InVcl(string pattern) => $$"""
        vcl 4.1;
        backend default { .host = "127.0.0.1"; }
        sub vcl_recv {
            if (req.url ~ "^/mypage" || req.url ~ {"{{pattern}}"}) {
                return (pass);
            }
            set req.url = regsub(req.url, {"{{pattern}}"}, "/");
        }

        """;

    private static string Verify(VclParse vcl)
    {
        var personal = PersonalLanguage.Of([new PathPrefix("/mypage")], ["php"]);
        var question =
            new VclQuestion(personal, new IdentityCarriers(["session"], [], []), EngineVersion.Default, Strict: false);
        return HostilePolicies.Describe(VclVerifier.Verify(vcl, question));
    }
}
