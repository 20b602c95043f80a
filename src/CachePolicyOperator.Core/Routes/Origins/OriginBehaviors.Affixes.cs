using CachePolicyOperator.Core.Routes.Automata;

namespace CachePolicyOperator.Core.Routes.Origins;

/// <content>What stands before or behind the path that an origin has: names of scripts and of data, indexes, and
/// suffixes.</content>
internal static partial class OriginBehaviors
{
    private static Transducer ScriptPrefixReadings() =>
        DropPrefix(ScriptPrefixes(), RegexLanguageOf(@"^/[A-Za-z0-9_-]+\.php[0-9]?\z"));

    private static Language RegexLanguageOf(string pattern) => Regex.RegexLanguage.Of(pattern, Budget.ForPattern()).May;

    /// <summary>
    /// Drops a word of the language where a slash or the end follows it; of the glued ones, where anything does.
    /// </summary>
    private static Transducer DropPrefix(Language prefixes, Language? glued = null)
    {
        var b = new TransducerBuilder();
        var start = b.AddState();
        var copy = b.AddState(accepting: true);
        var end = b.AddState(accepting: true);
        b.Jump(start, copy).Copy(copy, ByteSet.All, copy);
        Drop(prefixes, word => b.Copy(word, Slash, copy).Insert(word, '/', end));
        if (glued is not null)
        {
            Drop(glued, word => b.Insert(word, '/', copy));
        }

        return b.Build();

        void Drop(Language words, Action<int> afterWord)
        {
            int[] states = [.. Enumerable.Range(0, words.StateCount).Select(_ => b.AddState())];
            b.Jump(start, states[0]);
            for (var s = 0; s < states.Length; s++)
            {
                foreach (var (set, to) in words.ArcsOf(s))
                {
                    b.Drop(states[s], set, states[to]);
                }

                if (words.IsAccepting(s))
                {
                    afterWord(states[s]);
                }
            }
        }
    }

    private static Language DataPrefixes() =>
        RegexLanguageOf(@"^/_next/data/[^/]+\z");

    private static Language ScriptPrefixes() =>
        RegexLanguageOf(@"^/(?:index|[A-Za-z0-9_-]+\.(?:php[0-9]?|cgi|fcgi|pl|py|aspx?|jspx?|do|dll))\z");

    private static Transducer PathInfoReadings()
    {
        var b = new TransducerBuilder();
        var start = b.AddState(accepting: true);
        var copy = b.AddState(accepting: true);
        var drop = b.AddState(accepting: true);
        b.Copy(start, ByteSet.All, copy).Copy(copy, ByteSet.All, copy);
        b.Drop(copy, Slash, drop).Drop(drop, ByteSet.All, drop);
        return b.Build();
    }

    private static Transducer FormatSuffixReadings() => Everything(b =>
    {
        var drop = b.AddState(accepting: true);
        var end = b.AddState(accepting: true);
        b.Drop(0, ByteSet.Of('.'), drop).Drop(drop, InSegment, drop).Drop(drop, Slash, end);
    });

    /// <summary>At the end of the path: the kinds of files that a server knows have names of these bytes.</summary>
    private static Transducer AddSuffixReadings()
    {
        var b = new TransducerBuilder();
        var path = b.AddState(accepting: true);
        var suffix = b.AddState(accepting: true);
        b.Copy(path, ByteSet.All, path).Insert(path, '.', suffix);
        foreach (var letter in ByteSet.Letters | ByteSet.Digits | ByteSet.Of(".-_+"))
        {
            b.Insert(suffix, (char)letter, suffix);
        }

        return b.Build();
    }

    private static Transducer DirectoryIndexReadings() => Everything(b =>
    {
        var slash = b.AddState(accepting: true);
        b.Copy(0, Slash, slash);
        var name = b.AddState(accepting: true);
        var type = b.AddState(accepting: true);
        foreach (var word in IndexNames)
        {
            var at = slash;
            foreach (var letter in word)
            {
                var next = b.AddState();
                b.Drop(at, ByteSet.Of(letter), next);
                at = next;
            }

            b.Jump(at, name);
        }

        b.Drop(name, ByteSet.Of('.'), type).Drop(type, InSegment - ByteSet.Of('.'), type);
    });

    private static Transducer TrailingSlashReadings()
    {
        var b = new TransducerBuilder();
        var start = b.AddState(accepting: true);
        var copy = b.AddState(accepting: true);
        var end = b.AddState(accepting: true);
        b.Copy(start, ByteSet.All, copy).Copy(copy, ByteSet.All, copy);
        b.Drop(copy, Slash, end).Insert(copy, '/', end);
        return b.Build();
    }
}
