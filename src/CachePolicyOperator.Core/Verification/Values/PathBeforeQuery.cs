using CachePolicyOperator.Core.Routes.Automata;

namespace CachePolicyOperator.Core.Verification.Values;

/// <summary>
/// What rewrites of a query leave alone: the text before the first <c>?</c>. A condition that only looks there means
/// the same before and after any number of such rewrites, however large a machine they are together.
/// </summary>
internal static class PathBeforeQuery
{
    private static readonly ByteSet Mark = ByteSet.Of('?');

    // `$` matches before a line feed at the end, too, and what it takes away there leaves the line feed to the path.
    private static readonly ByteSet Line = ~ByteSet.Of('\n');

    /// <summary>
    /// Bytes such that every text of one line whose path is made of them keeps its path, whatever its query: a query
    /// may be changed, added or removed, with its mark, and the text stays one line. Null where the machine may change
    /// any path.
    /// </summary>
    public static ByteSet? KeptBy(Transducer machine)
    {
        var kept = Line - Mark;
        while (Narrowed(machine, kept) is { } narrowed)
        {
            if (narrowed == kept)
            {
                return kept;
            }

            kept = narrowed;
        }

        return null;
    }

    /// <summary>Whether every text is one line, and its path is made of the bytes.</summary>
    public static bool IsOf(ByteSet bytes, Language texts)
    {
        // For each class of bytes: whether it is allowed in a path, in a query, and whether it reads on in the path,
        // and into the query.
        var classes = Enumerable.Range(0, texts.Classes.Count).Select(texts.Classes.Members)
            .Select(c =>
                (InPath: (c - (bytes | Mark)).IsEmpty, InQuery: (c - Line).IsEmpty, GoesOn: !(c - Mark).IsEmpty,
                EndsPath: !(c & Mark).IsEmpty)).ToArray();
        var seen = new bool[texts.StateCount * 2];
        var pending = new Stack<(int State, bool InPath)>();
        Follow(0, inPath: true);
        while (pending.TryPop(out var at))
        {
            for (var c = 0; c < classes.Length; c++)
            {
                var to = texts.StepClass(at.State, c);
                if (texts.IsDead(to))
                {
                    continue;
                }

                if (!(at.InPath ? classes[c].InPath : classes[c].InQuery))
                {
                    return false;
                }

                if (classes[c].GoesOn)
                {
                    Follow(to, at.InPath);
                }

                if (classes[c].EndsPath)
                {
                    Follow(to, inPath: false);
                }
            }
        }

        return true;

        void Follow(int to, bool inPath)
        {
            ref var isSeen = ref seen[(to * 2) + (inPath ? 1 : 0)];
            if (!isSeen)
            {
                isSeen = true;
                pending.Push((to, inPath));
            }
        }
    }

    /// <summary>Whether two texts of one line with the same path are both among the words or both not.</summary>
    public static bool Decides(Language words)
    {
        var seen = new HashSet<int> { 0 };
        var pending = new Stack<int>(seen);
        while (pending.TryPop(out var state))
        {
            var query = words.Step(state, (byte)'?');
            if (words.IsAccepting(state) ? !words.IsUniversal(query) : !words.IsDead(query))
            {
                return false;
            }

            foreach (var (set, to) in words.ArcsOf(state))
            {
                if (!((set & Line) - Mark).IsEmpty && seen.Add(to))
                {
                    pending.Push(to);
                }
            }
        }

        return true;
    }

    /// <summary>Whether a text of the one and a text of the other have the same path.</summary>
    public static bool MayBeShared(Language one, Language other)
    {
        var seen = new HashSet<(int One, int Other)> { (0, 0) };
        var pending = new Stack<(int One, int Other)>(seen);
        while (pending.TryPop(out var at))
        {
            if (EndsPath(one, at.One) && EndsPath(other, at.Other))
            {
                return true;
            }

            foreach (var (mine, to) in one.ArcsOf(at.One))
            {
                foreach (var (theirs, too) in other.ArcsOf(at.Other))
                {
                    if (!((mine & theirs) - Mark).IsEmpty && seen.Add((to, too)))
                    {
                        pending.Push((to, too));
                    }
                }
            }
        }

        return false;
    }

    private static bool EndsPath(Language texts, int state) =>
        texts.IsAccepting(state) || !texts.IsDead(texts.Step(state, (byte)'?'));

    // The bytes without those that a walk over a path of them may change; null where it may write into the path without
    // reading.
    private static ByteSet? Narrowed(Transducer machine, ByteSet kept)
    {
        var seen = new HashSet<(int State, Written Written)> { (Transducer.Start, Written.AllThatWasRead) };
        var pending = new Stack<(int State, Written Written)>(seen);
        while (pending.TryPop(out var at))
        {
            foreach (var arc in machine.ArcsOf(at.State))
            {
                if (at.Written == Written.AllThatWasRead && !arc.ReadsNothing)
                {
                    kept -= Changed(arc);
                    Follow(arc, arc.Input & kept, Written.AllThatWasRead);
                    if (arc.Input.Contains((byte)'?') && !FollowWritten(arc, Mark))
                    {
                        return null;
                    }
                }
                else if (!FollowWritten(arc, arc.Input & Line, at.Written))
                {
                    return null;
                }
            }
        }

        return kept;

        void Follow(TransducerArc arc, ByteSet read, Written written)
        {
            if ((arc.ReadsNothing || !read.IsEmpty) && seen.Add((arc.To, written)))
            {
                pending.Push((arc.To, written));
            }
        }

        // From the mark on, and without reading: nothing may be written before a mark.
        bool FollowWritten(TransducerArc arc, ByteSet read, Written before = Written.ThePath)
        {
            if (arc.Output == Transducer.Nothing)
            {
                Follow(arc, read, before);
                return true;
            }

            // A query that is written while more of the path may come would end up within it.
            Follow(arc, read, Written.AQuery);
            return before switch
            {
                Written.AQuery => arc.Output is not ('\n' or Transducer.Any),
                Written.ThePath => arc.Output == '?' || (arc.Output == Transducer.Copy && (read - Mark).IsEmpty),
                _ => false,
            };
        }
    }

    // What an arc makes something else of.
    private static ByteSet Changed(TransducerArc arc) => (arc.Output switch
    {
        Transducer.Copy => ByteSet.Empty,
        >= 0 => arc.Input - ByteSet.Of((byte)arc.Output),
        _ => arc.Input,
    }) - Mark;

    private enum Written
    {
        /// <summary>Within the path: each byte as it was read.</summary>
        AllThatWasRead,

        /// <summary>Within the query: the path and nothing else.</summary>
        ThePath,

        /// <summary>Within the query: the path, a mark, and perhaps more.</summary>
        AQuery,
    }
}
