using CachePolicyOperator.Core.Model;

namespace CachePolicyOperator.Core.Vcl.Render;

/// <summary>
/// The rules as far as they tell two requests apart, and the numbers by which the statements of a request know them.
/// </summary>
internal sealed class KeyRules
{
    private readonly List<KeyParts> _numbered;

    private KeyRules(EquatableList<RuleGroup<KeyParts>> groups)
    {
        (Groups, _numbered) = (groups, [.. groups.Items.Select(g => g.Does).OfType<KeyParts>().Distinct()]);
        Queries = [.. _numbered.Select(parts => parts.Query).Where(query => query != QueryKey.None).Distinct()];
        HeaderLists = [.. _numbered.Select(parts => parts.Headers).Distinct()];
        Headers = [.. HeaderLists.SelectMany(list => list.Items).Distinct().Order(StringComparer.Ordinal)];
        ChoiceLists = [.. _numbered.Select(parts => parts.Choices).Where(list => list.Count > 0).Distinct()];
        ChosenFields = [.. ChoiceLists.SelectMany(list => list.Items).Select(KeyParts.FieldOf).Distinct()];
        Answers = [.. groups.Items.Select(g => g.Answer).OfType<Answer>().Distinct()];
        Bypasses = [.. _numbered.Select(parts => parts.Bypass).Where(bypass => bypass != Bypass.None).Distinct()];
    }

    public EquatableList<RuleGroup<KeyParts>> Groups { get; }

    /// <summary>What some rule keeps of the query, other than nothing.</summary>
    public IReadOnlyList<QueryKey> Queries { get; }

    /// <summary>The lists of header fields that are in the key of some rule.</summary>
    public IReadOnlyList<EquatableList<string>> HeaderLists { get; }

    /// <summary>Header fields that are in the key of some rule.</summary>
    public IReadOnlyList<string> Headers { get; }

    /// <summary>The lists of what comes to one of a few values, of rules that have one.</summary>
    public IReadOnlyList<EquatableList<KeyChoice>> ChoiceLists { get; }

    /// <summary>Header fields that come to one of a few values for some rule.</summary>
    public IReadOnlyList<string> ChosenFields { get; }

    /// <summary>What some rule passes although it matches, other than nothing.</summary>
    public IReadOnlyList<Bypass> Bypasses { get; }

    /// <summary>What some rule answers by itself.</summary>
    public IReadOnlyList<Answer> Answers { get; }

    /// <summary>Whether some rule passes who brings an identity cookie.</summary>
    public bool PassesIdentity => _numbered.Any(parts => parts.Identity == IdentityTreatment.Pass);

    /// <summary>Whether some rule lets neither lookup nor origin know whose script asks.</summary>
    public bool HidesOrigin => _numbered.Any(parts => parts.HidesOrigin);

    /// <summary>Whether pages of some rule are put together of fragments.</summary>
    public bool HasFragments => _numbered.Any(parts => parts.Fragments);

    public static KeyRules Of(IEnumerable<Rule> rules) => new(RuleGroups.ByKey(rules));

    /// <summary>The value of <see cref="InternalHeaders.Rule"/> where a group is the first that matches.</summary>
    // Groups that say the same have one number: nothing behind it tells them apart.
    public string NumberOf(RuleGroup<KeyParts> group) =>
        group.Does is { } parts ? Number(parts)
        : group.Answer is { } answer ? NumberOf(answer)
        : InternalHeaders.PassRule;

    /// <summary>The value of <see cref="InternalHeaders.Rule"/> where a rule answers by itself.</summary>
    public string NumberOf(Answer answer) => $"{InternalHeaders.AnswerRule}{Answers.ToList().IndexOf(answer) + 1}";

    /// <summary>The condition that the rule of a request is one whose key is as wanted.</summary>
    public string Is(string message, Func<KeyParts, bool> wanted) =>
        string.Join(" || ",
            _numbered.Where(wanted).Select(parts => $"{message}.http.{InternalHeaders.Rule} == \"{Number(parts)}\""));

    /// <summary>The condition that it is none of these.</summary>
    public string IsNot(string message, Func<KeyParts, bool> wanted) =>
        string.Join(" && ",
            _numbered.Where(wanted).Select(parts => $"{message}.http.{InternalHeaders.Rule} != \"{Number(parts)}\""));

    private string Number(KeyParts parts) => (_numbered.IndexOf(parts) + 1).ToString();
}
