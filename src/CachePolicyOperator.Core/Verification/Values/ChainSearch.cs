using CachePolicyOperator.Core.Routes.Automata;

namespace CachePolicyOperator.Core.Verification.Values;

/// <summary>
/// Looks for a word of a language for which conditions hold on what chains of maps make of it. The maps are walked in
/// step with the word, each once for all conditions behind it, so that no pre-image is ever built: a chain of twenty
/// rewrites costs what the search meets of it.
/// </summary>
internal sealed class ChainSearch
{
    private readonly Budget _budget;
    private readonly List<Listener> _listeners = [];
    private readonly List<Stage> _stages = [];
    private readonly HashSet<int[]> _seen = new(ArrayComparer<int>.Instance);
    private readonly List<(int[] States, int Parent, int Value)> _trail = [];

    private ChainSearch(Language among, IEnumerable<WordConstraint> conditions, Budget budget)
    {
        _budget = budget;
        var root = new Stage(null, 0);
        _listeners.Add(new Listener(0, among, null));
        root.Listeners.Add(_listeners[0]);
        foreach (var condition in conditions)
        {
            var (stage, words) = (root, condition.Within);
            if (condition.Mark is not null)
            {
                // What is cut off a value is known without a walk.
                words = condition.Automaton(budget);
            }
            else if (condition.Known(budget) is { } known)
            {
                words = known;
            }
            else
            {
                stage = condition.Maps.Items.Aggregate(root, StageBehind);
            }

            _listeners.Add(new Listener(_listeners.Count, words.Language, words.Automaton));
            stage.Listeners.Add(_listeners[^1]);
        }

        foreach (var (stage, number) in _stages.Select((s, i) => (s, i)))
        {
            stage.Slot = _listeners.Count + number;
        }

        Root = root;
    }

    private Stage Root { get; }

    /// <summary>A word, a short one first; null where there is none.</summary>
    /// <exception cref="BudgetExceededException">The search is longer than the budget.</exception>
    public static byte[]? Find(Language among, IEnumerable<WordConstraint> conditions, Budget budget) =>
        new ChainSearch(among, conditions, budget).Find();

    private Stage StageBehind(Stage before, TextMap map)
    {
        if (before.Next.Find(s => s.Map == map) is not { } stage)
        {
            before.Next.Add(stage = new Stage(map, 0));
            _stages.Add(stage);
        }

        return stage;
    }

    private byte[]? Find()
    {
        VisitStarts(new int[_listeners.Count + _stages.Count], 0);
        for (var i = 0; i < _trail.Count; i++)
        {
            var states = _trail[i].States;
            if (_listeners.TrueForAll(l => l.Accepts(states[l.Slot]))
                && _stages.TrueForAll(s => s.Machine.IsAccepting(states[s.Slot])))
            {
                return WordAt(i);
            }

            Step(i);
        }

        return null;
    }

    private void VisitStarts(int[] states, int listener)
    {
        if (listener == _listeners.Count)
        {
            Visit(states, -1, -1);
            return;
        }

        foreach (var start in _listeners[listener].Starts)
        {
            states[listener] = start;
            VisitStarts(states, listener + 1);
        }
    }

    // A byte that is read, a machine that writes without reading, or an automaton that moves by itself.
    private void Step(int from)
    {
        var states = (int[])_trail[from].States.Clone();
        var walk = new Walk(this, from, states);
        foreach (var listener in _listeners)
        {
            if (listener.Automaton is { } automaton)
            {
                var here = states[listener.Slot];
                foreach (var arc in automaton.ArcsOf(here))
                {
                    if (arc.Set == Nfa.Epsilon && automaton.Alive()[arc.To])
                    {
                        states[listener.Slot] = arc.To;
                        Visit(states, from, -1);
                    }
                }

                states[listener.Slot] = here;
            }
        }

        foreach (var stage in _stages)
        {
            var here = states[stage.Slot];
            foreach (var arc in stage.Machine.ArcsOf(here))
            {
                if (arc.ReadsNothing)
                {
                    states[stage.Slot] = arc.To;
                    walk.Write(stage, arc, -1, null);
                }
            }

            states[stage.Slot] = here;
        }

        walk.Read(Root);
    }

    private void Visit(int[] states, int parent, int value)
    {
        _budget.Spend(4);
        if (!_seen.Contains(states))
        {
            _budget.Store(states.Length + 6);
            int[] kept = [.. states];
            _seen.Add(kept);
            _trail.Add((kept, parent, value));
        }
    }

    private byte[] WordAt(int at)
    {
        var word = new List<byte>();
        for (var i = at; i >= 0; i = _trail[i].Parent)
        {
            if (_trail[i].Value >= 0)
            {
                word.Add((byte)_trail[i].Value);
            }
        }

        word.Reverse();
        return [.. word];
    }

    /// <summary>What one map writes: the listeners that read it, and the maps that do.</summary>
    private sealed class Stage(TextMap? map, int slot)
    {
        public TextMap? Map { get; } = map;

        public Transducer Machine { get; } = map?.Transducer!;

        public int Slot { get; set; } = slot;

        public List<Listener> Listeners { get; } = [];

        public List<Stage> Next { get; } = [];
    }

    /// <summary>A set of words that a value must be within: a language, or an automaton.</summary>
    private sealed record Listener(int Slot, Language? Language, Nfa? Automaton)
    {
        public int[] Starts { get; } = Language is not null ? [0] : Automaton!.Starts.ToArray();

        public bool Accepts(int state) => Language?.IsAccepting(state) ?? Automaton!.IsAccepting(state);
    }

    /// <summary>Who still has to read which byte; the bytes are numbered, and told by <see cref="Walk"/>.</summary>
    private sealed record Task(Listener? Listener, Stage? Stage, int Byte, Task? Then);

    /// <summary>One step of all machines together; each byte on the way is a set that only becomes smaller.</summary>
    private sealed class Walk(ChainSearch search, int from, int[] states)
    {
        private readonly List<ByteSet> _bytes = [];
        private bool _reads;

        public void Read(Stage root)
        {
            _bytes.Clear();
            _bytes.Add(ByteSet.All);
            _reads = true;
            Do(TasksOf(root, 0, null));
            _reads = false;
        }

        /// <summary>What an arc writes is read by whoever stands behind the map.</summary>
        public void Write(Stage stage, TransducerArc arc, int read, Task? then)
        {
            if (arc.Output == Transducer.Nothing)
            {
                Do(then);
                return;
            }

            if (arc.Output == Transducer.Copy)
            {
                Do(TasksOf(stage, read, then));
                return;
            }

            _bytes.Add(arc.Written);
            Do(TasksOf(stage, _bytes.Count - 1, then));
            _bytes.RemoveAt(_bytes.Count - 1);
        }

        private static Task? TasksOf(Stage stage, int number, Task? then)
        {
            foreach (var next in stage.Next)
            {
                then = new Task(null, next, number, then);
            }

            foreach (var listener in stage.Listeners)
            {
                then = new Task(listener, null, number, then);
            }

            return then;
        }

        private void Do(Task? task)
        {
            search._budget.Spend(1);
            switch (task)
            {
                case null:
                    search.Visit(states, from, _reads ? WordSearch.Natural(_bytes[0]) : -1);
                    break;
                case { Listener: { } listener }:
                    Hear(listener, task);
                    break;
                default:
                    Transduce(task.Stage!, task);
                    break;
            }
        }

        private void Hear(Listener listener, Task task)
        {
            var (here, may) = (states[listener.Slot], _bytes[task.Byte]);
            if (listener.Language is { } language)
            {
                foreach (var (set, to) in language.ArcsOf(here))
                {
                    Move(listener.Slot, to, set & may, task);
                }
            }
            else
            {
                var automaton = listener.Automaton!;
                var alive = automaton.Alive();
                foreach (var arc in automaton.ArcsOf(here).ToArray())
                {
                    if (arc.Set != Nfa.Epsilon && alive[arc.To])
                    {
                        Move(listener.Slot, arc.To, automaton.Sets[arc.Set] & may, task);
                    }
                }
            }

            (states[listener.Slot], _bytes[task.Byte]) = (here, may);
        }

        private void Move(int slot, int to, ByteSet both, Task task)
        {
            search._budget.Spend(1);
            if (!both.IsEmpty)
            {
                (states[slot], _bytes[task.Byte]) = (to, both);
                Do(task.Then);
            }
        }

        private void Transduce(Stage stage, Task task)
        {
            var (here, may) = (states[stage.Slot], _bytes[task.Byte]);
            foreach (var arc in stage.Machine.ArcsOf(here))
            {
                search._budget.Spend(1);
                if (!arc.ReadsNothing && (arc.Input & may) is { IsEmpty: false } both)
                {
                    (states[stage.Slot], _bytes[task.Byte]) = (arc.To, both);
                    Write(stage, arc, task.Byte, task.Then);
                }
            }

            (states[stage.Slot], _bytes[task.Byte]) = (here, may);
        }
    }
}
