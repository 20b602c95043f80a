using System.Text;
using CachePolicyOperator.Core.Routes.Automata;
using CachePolicyOperator.Core.Routes.Regex;

namespace CachePolicyOperator.Core.Verification.Values;

/// <summary>
/// What vmod cookie does to its cookies, as maps of one text: each cookie as <c>name=value;</c>, with a space between
/// two, and a name as often as it was parsed or set. Of a name that is there more than once, the place is the first
/// one's and the value the last one's.
/// </summary>
internal static class CookieMaps
{
    private static readonly ByteSet Space = ByteSet.Of(" \t\n\v\f\r");
    private static readonly ByteSet Equal = ByteSet.Of('=');
    private static readonly ByteSet End = ByteSet.Of(';');
    private static readonly ByteSet Blank = ByteSet.Of(' ');

    /// <summary>
    /// <c>cookie.parse</c> of a text. A name goes to the next <c>=</c>, over a semicolon if need be; what has no name
    /// or no value is left
    /// out, and so is what stands behind the last <c>=</c>'s cookie.
    /// </summary>
    public static TextMap Parse { get; } = new("cookie.parse", Parser());

    /// <summary>
    /// <c>cookie.get_string</c>. No finite machine finds two equal names among all names: of two cookies or more the
    /// relation makes
    /// anything. They are the cookies that there were, some of them perhaps elsewhere or not at all.
    /// </summary>
    public static TextMap Written { get; } =
        new("cookie.string", Writer(), simple: new TextMap("cookie.string.once", Transducer.CopyOf(Language.All)),
            image: WrittenOf);

    /// <summary><c>cookie.get_string</c> where all cookies have one name.</summary>
    public static TextMap Last { get; } = new("cookie.last", LastOnly());

    /// <summary>Since Varnish 7.2 no semicolon stands at the end.</summary>
    public static TextMap Unterminated { get; } = new("cookie.unterminated", WithoutEnd());

    /// <summary>Keeps the cookies of some names.</summary>
    /// <param name="keptIf">Names that may be kept.</param>
    /// <param name="droppedIf">Names that may be dropped; together with the others all names.</param>
    public static TextMap Keep(string key, Language keptIf, Language droppedIf, OverApproximation? why)
    {
        var builder = new TransducerBuilder();
        var start = builder.AddState(accepting: true);
        var (none, some) = (builder.AddState(accepting: true), builder.AddState(accepting: true));
        var kept = Named(builder, keptIf, CopiedValue(builder, some), copies: true);
        var droppedFirst = Named(builder, droppedIf, DroppedValue(builder, none), copies: false);
        var dropped = Named(builder, droppedIf, DroppedValue(builder, some), copies: false);
        builder.Jump(start, kept);
        builder.Jump(start, droppedFirst);
        builder.Drop(none, Blank, kept);
        builder.Drop(none, Blank, droppedFirst);
        builder.Copy(some, Blank, kept);
        builder.Drop(some, Blank, dropped);
        return new TextMap($"cookie.{key}", builder.Build(), why: why);
    }

    /// <summary><c>cookie.set</c> of constants.</summary>
    public static TextMap Set(string name, string value)
    {
        var builder = new TransducerBuilder();
        var (start, read) = (builder.AddState(), builder.AddState());
        var (more, first) = (builder.AddState(), builder.AddState());
        builder.Copy(start, ByteSet.All, read);
        builder.Copy(read, ByteSet.All, read);
        builder.Insert(read, ' ', more);
        builder.Jump(start, first);
        builder.Jump(more, first);
        var at = first;
        foreach (var written in Encoding.Latin1.GetBytes($"{name}={value};"))
        {
            var to = builder.AddState();
            builder.AddArc(at, new TransducerArc(ByteSet.Empty, written, to));
            at = to;
        }

        builder.SetAccepting(at, true);
        return new TextMap($"cookie.set\0{name}\0{value}", builder.Build());
    }

    /// <summary>
    /// <c>cookie.get</c>: the value of the last cookie of that name; empty where there is none, for no value is empty.
    /// </summary>
    public static TextMap Value(string name)
    {
        var (picked, others) = (Language.Literal(name), Language.Literal(name).Complement());
        return new TextMap($"cookie.get\0{name}", Picker(Language.All, picked, after: others, otherwise: others));
    }

    /// <summary>
    /// <c>cookie.get_re</c>: the value of the first cookie whose name matches, or of a later one of the same name.
    /// </summary>
    /// <param name="names">Names that match.</param>
    public static TextMap ValueLike(string pattern, RegexLanguage names, OverApproximation? why)
    {
        var others = names.Must.Complement();
        var key = $"cookie.get_re\0{pattern}";
        var any = Picker(Language.All, names.May, Language.All, others);
        return new TextMap(key, any, why: why,
            simple: new TextMap($"{key}\0once", Picker(others, names.May, Language.All, others), why: why),
            image: (jars, budget) => names.IsExact && jars.OnlyWord(budget) is { } only
                ? Language.Literal(Cookies(Encoding.Latin1.GetString(only))
                    .FirstOrDefault(c => names.May.Accepts(c.Name)).Value ?? string.Empty)
                : jars.Image(any, budget));
    }

    /// <summary>Whether the empty value that the map makes is no value.</summary>
    public static bool MayBeNothing(TextMap map) => map.Key.StartsWith("cookie.get", StringComparison.Ordinal);

    private static Transducer Parser()
    {
        var builder = new TransducerBuilder();
        int[] found = [builder.AddState(accepting: true), builder.AddState(accepting: true)];
        var (first, name, empty, value) =
            (builder.AddState(), builder.AddState(), builder.AddState(), builder.AddState());
        var (ended, nameless) = (builder.AddState(accepting: true), builder.AddState(accepting: true));
        builder.Jump(found[0], first);
        builder.Insert(found[1], ' ', first);
        builder.Copy(first, ~(Space | Equal), name);
        builder.Copy(name, ~Equal, name);
        builder.Copy(name, Equal, empty);
        builder.Copy(empty, ~End, value);
        builder.Copy(value, ~End, value);
        builder.Copy(value, End, found[1]);
        builder.Insert(value, ';', ended);
        builder.Drop(nameless, ~Equal, nameless);
        foreach (var before in found)
        {
            builder.Drop(before, Space, before);
            builder.Drop(before, ~(Space | Equal), nameless);
            // A cookie without a name.
            var unnamed = builder.AddState(accepting: true);
            builder.Drop(before, Equal, unnamed);
            builder.Drop(unnamed, ~End, unnamed);
            builder.Drop(unnamed, End, before);
            // A cookie without a value.
            var (dropped, unvalued) = (builder.AddState(), builder.AddState(accepting: true));
            builder.Drop(before, ~(Space | Equal), dropped);
            builder.Drop(dropped, ~Equal, dropped);
            builder.Drop(dropped, Equal, unvalued);
            builder.Drop(unvalued, End, before);
        }

        return builder.Build();
    }

    private static Transducer Picker(Language before, Language picked, Language after, Language otherwise)
    {
        var builder = new TransducerBuilder();
        var start = builder.AddState(accepting: true);
        var (skipped, chosen, none) =
            (builder.AddState(), builder.AddState(accepting: true), builder.AddState(accepting: true));
        var skip = Named(builder, before, DroppedValue(builder, skipped), copies: false);
        var value = builder.AddState();
        var pick = Named(builder, picked, value, copies: false);
        var rest = Named(builder, after, DroppedValue(builder, chosen), copies: false);
        var other = Named(builder, otherwise, DroppedValue(builder, none), copies: false);
        builder.Copy(value, ~End, value);
        builder.Drop(value, End, chosen);
        builder.Jump(start, skip);
        builder.Jump(start, pick);
        builder.Jump(start, other);
        builder.Drop(skipped, Blank, skip);
        builder.Drop(skipped, Blank, pick);
        builder.Drop(chosen, Blank, rest);
        builder.Drop(none, Blank, other);
        return builder.Build();
    }

    private static Transducer Writer()
    {
        var builder = new TransducerBuilder();
        var start = builder.AddState(accepting: true);
        // No name twice.
        var same = builder.AddState(accepting: true);
        builder.Copy(start, ByteSet.All, same);
        builder.Copy(same, ByteSet.All, same);
        // Or two cookies, of which nothing is claimed.
        var (first, more, written) = (builder.AddState(), builder.AddState(), builder.AddState(accepting: true));
        builder.Jump(start, Named(builder, Language.All, DroppedValue(builder, first), copies: false));
        builder.Drop(first, Blank, more);
        builder.Drop(more, ByteSet.All, more);
        builder.InsertAny(more, written);
        builder.InsertAny(written, written);
        return builder.Build();
    }

    // Of one text it is told exactly; of any, as sequences of the cookies in them.
    private static Language WrittenOf(Language jars, Budget budget)
    {
        if (jars.OnlyWord(budget) is { } only)
        {
            return Language.Literal(string.Join(' ', Cookies(Encoding.Latin1.GetString(only))
                .Select(c => $"{c.Name}={c.Value};")));
        }

        var cookie = jars.Image(Single, budget);
        return jars.Union(cookie.Then(Language.Literal(" ").Then(cookie, budget).Star(budget), budget), budget);
    }

    // In the place of the first of a name, with the value of the last.
    private static IEnumerable<(string Name, string Value)> Cookies(string jar)
    {
        var (names, values) = (new List<string>(), new Dictionary<string, string>(StringComparer.Ordinal));
        for (var at = 0; at < jar.Length;)
        {
            var equal = jar.IndexOf('=', at);
            var (name, end) = (jar[at..equal], jar.IndexOf(';', equal));
            if (values.TryAdd(name, string.Empty))
            {
                names.Add(name);
            }

            values[name] = jar[(equal + 1)..end];
            at = end + 2;
        }

        return names.Select(n => (n, values[n]));
    }

    private static Transducer Single { get; } = OneOfMany();

    private static Transducer OneOfMany()
    {
        var builder = new TransducerBuilder();
        var start = builder.AddState();
        var (skipped, chosen) = (builder.AddState(), builder.AddState(accepting: true));
        var skip = Named(builder, Language.All, DroppedValue(builder, skipped), copies: false);
        var copy = Named(builder, Language.All, CopiedValue(builder, chosen), copies: true);
        builder.Jump(start, skip);
        builder.Jump(start, copy);
        builder.Drop(skipped, Blank, skip);
        builder.Drop(skipped, Blank, copy);
        builder.Drop(chosen, ByteSet.All, chosen);
        return builder.Build();
    }

    private static Transducer LastOnly()
    {
        var builder = new TransducerBuilder();
        var (start, skipped, last) =
            (builder.AddState(accepting: true), builder.AddState(), builder.AddState(accepting: true));
        var skip = Named(builder, Language.All, DroppedValue(builder, skipped), copies: false);
        var copy = Named(builder, Language.All, CopiedValue(builder, last), copies: true);
        builder.Jump(start, skip);
        builder.Jump(start, copy);
        builder.Drop(skipped, Blank, skip);
        builder.Drop(skipped, Blank, copy);
        return builder.Build();
    }

    private static Transducer WithoutEnd()
    {
        var builder = new TransducerBuilder();
        var (start, read, ended) =
            (builder.AddState(accepting: true), builder.AddState(), builder.AddState(accepting: true));
        builder.Copy(start, ByteSet.All, read);
        builder.Copy(read, ByteSet.All, read);
        builder.Drop(read, End, ended);
        return builder.Build();
    }

    // Reads a name of the language and the sign behind it.
    private static int Named(TransducerBuilder builder, Language names, int behind, bool copies)
    {
        int[] states = [.. Enumerable.Range(0, names.StateCount).Select(_ => builder.AddState())];
        for (var s = 0; s < states.Length; s++)
        {
            foreach (var (set, to) in names.ArcsOf(s))
            {
                Read(builder, states[s], set - Equal, states[to], copies);
            }

            if (names.IsAccepting(s))
            {
                Read(builder, states[s], Equal, behind, copies);
            }
        }

        return states[0];
    }

    private static void Read(TransducerBuilder builder, int from, ByteSet set, int to, bool copies)
    {
        if (!set.IsEmpty)
        {
            _ = copies ? builder.Copy(from, set, to) : builder.Drop(from, set, to);
        }
    }

    private static int CopiedValue(TransducerBuilder builder, int behind)
    {
        var value = builder.AddState();
        builder.Copy(value, ~End, value);
        builder.Copy(value, End, behind);
        return value;
    }

    private static int DroppedValue(TransducerBuilder builder, int behind)
    {
        var value = builder.AddState();
        builder.Drop(value, ~End, value);
        builder.Drop(value, End, behind);
        return value;
    }
}
