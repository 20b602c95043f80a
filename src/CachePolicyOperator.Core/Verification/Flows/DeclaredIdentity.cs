using CachePolicyOperator.Core.Routes.Automata;
using CachePolicyOperator.Core.Verification.Exploration;
using CachePolicyOperator.Core.Verification.State;
using CachePolicyOperator.Core.Verification.Values;

namespace CachePolicyOperator.Core.Verification.Flows;

/// <summary>
/// Whether the request of a path may be somebody's: it carries <c>Authorization</c>, a declared header field or query
/// parameter, or a declared cookie, any where none is declared. Where nothing at all is declared, every request is.
/// </summary>
/// <remarks>
/// A cookie's name counts as browsers send it, and under <see cref="VclQuestion.Strict"/> in every spelling that an
/// origin reads as that name: nobody but its owner would send his own in another. One in a second line, which VCL does
/// not see, counts while the field is there, for the origin reads all of it; and under <c>Strict</c> whatever becomes
/// of it.
/// </remarks>
internal static class DeclaredIdentity
{
    /// <summary>The path of the requests that say who asks; null where no request of the path does.</summary>
    public static SymbolicState? Bearing(ExploredStates explored, SymbolicState path)
    {
        var identity = explored.Question.Identity;
        return identity.Cookies.Count == 0 && identity.Headers.Count == 0 && identity.QueryParameters.Count == 0
            ? path
            : identity.Headers.Items.Select(h => Input.OfClientField(h.ToLowerInvariant()))
                .Prepend(Input.Authorization).Prepend(Input.Cookie).Select(carrier => WithCarrier(explored, path, carrier))
                .FirstOrDefault(bearing => bearing is not null)
                ?? (Parameters(explored) is { } named
                    ? explored.Solver.Within(path, new InputText(Input.Url), named)
                    : null);
    }

    /// <summary>
    /// Targets with a query parameter that says who asks, as origins may read it; null where none does.
    /// </summary>
    public static Language? Parameters(ExploredStates explored)
    {
        var names = explored.Question.Identity.QueryParameters.Items;
        return names.Length == 0 ? null : explored.LanguageOf(
            $@"(?i)[?;&](?:[^=&;]*%|(?:{string.Join('|', names.Select(System.Text.RegularExpressions.Regex.Escape))})(?:[^a-z0-9_-]|$))");
    }

    /// <summary>The path of the requests that say it in this field; null where none does.</summary>
    public static SymbolicState? WithCarrier(ExploredStates explored, SymbolicState path, Input carrier)
    {
        var present = explored.Solver.WithPresence(path, new InputField(carrier), true);
        var together = path.PathCondition.GetValueOrDefault(carrier.AllLines);
        if (present is null || together is { MayBePresent: false })
        {
            return null;
        }

        if (carrier != Input.Cookie || explored.Question.Identity.Cookies.Count == 0)
        {
            return present;
        }

        // Whichever line has it, all of them together have it.
        var named = explored.LanguageOf(
            explored.Question.Strict ? CookieNames.AmongOthers(explored.Question)
            : CookieNames.AsBrowsersSend(explored.Question));
        var inAny = explored.Question.Strict || !explored.CookiesStandBehindCommas
            ? named
            : explored.LanguageOf(CookieNames.AsBrowsersSendInLines(explored.Question));
        if (explored.Solver.Within(present, new InputText(carrier.AllLines), inAny) is not { } collected)
        {
            return null;
        }

        present = together is null ? present : collected;
        // VCL reads the first line of several, and origins all of them.
        return explored.Solver.Within(present, new InputText(carrier), named)
            ?? (explored.Solver.Of(path, carrier).MayRepeat && (explored.Question.Strict || MayTell(path, carrier))
                ? present
                : null);
    }

    // Whether more than its first line is left of the field, of which a backend request begins as a copy, or decided.
    private static bool MayTell(SymbolicState path, Input carrier) =>
        path.FieldOf(carrier.OfBackendRequest) is InputField or AnyField
            || path.PathCondition.ContainsKey(carrier.AllLines)
            || path.ImplicitInputs.Contains(carrier.AllLines)
            || path.Fields.Any(f => TaintOf(f.Value).Contains(carrier.AllLines))
            || path.Strings.Any(s => s.Value.Taint.Contains(carrier.AllLines));

    private static IEnumerable<Input> TaintOf(Field field) => field switch
    {
        WrittenField written => written.Value.Taint,
        AnyField any => any.Value.Taint,
        InputField input => [input.Input],
        _ => [],
    };
}
