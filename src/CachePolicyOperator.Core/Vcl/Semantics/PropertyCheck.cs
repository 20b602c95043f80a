using CachePolicyOperator.Core.Diagnostics;
using CachePolicyOperator.Core.Vcl.Syntax;
using static CachePolicyOperator.Core.Vcl.Semantics.PropertyTable;

namespace CachePolicyOperator.Core.Vcl.Semantics;

/// <summary>Properties of backends and probes that do not exist, stand twice, or hold the wrong thing.</summary>
internal sealed class PropertyCheck : IProgramCheck
{
    public void Run(VclProgram program, DiagnosticBag diagnostics)
    {
        foreach (var declaration in program.File.Declarations)
        {
            switch (declaration)
            {
                case BackendDeclaration { None: false } backend:
                    CheckBackend(backend, program, diagnostics);
                    break;
                case ProbeDeclaration probe:
                    CheckProbe(probe.Properties, program, diagnostics);
                    break;
            }
        }
    }

    private static void CheckBackend(BackendDeclaration backend, VclProgram program, DiagnosticBag diagnostics)
    {
        CheckAll(backend.Properties, Backend, program, diagnostics);
        var host = Find(backend.Properties, "host");
        var path = Find(backend.Properties, "path");
        if (host is null && path is null)
        {
            diagnostics.Error("vcl/backend", backend.Name.Span, $"the backend `{backend.Name}` has no address",
                "write `.host` or `.path`");
        }
        else if (host is not null && path is not null)
        {
            diagnostics.Error("vcl/backend", path.Span, $"the backend `{backend.Name}` has two addresses",
                "write `.host` or `.path`");
        }

        if (path is { Values: [StringLiteral { Value: var socket }] } && !socket.StartsWith('/'))
        {
            diagnostics.Error("vcl/backend", path.Span, $"`{socket}` is no absolute path");
        }
        else if (path is not null && program.Syntax < VclVersion.V41)
        {
            diagnostics.Error("vcl/backend", path.Span, "backends on a socket need `vcl 4.1`");
        }

        foreach (var nested in backend.Properties.Items.Select(p => p.Nested).OfType<EquatableList<BackendProperty>>())
        {
            CheckProbe(nested, program, diagnostics);
        }
    }

    private static void CheckProbe(
        EquatableList<BackendProperty> properties, VclProgram program, DiagnosticBag diagnostics)
    {
        CheckAll(properties, Probe, program, diagnostics);
        if (Find(properties, "url") is not null && Find(properties, "request") is { } request)
        {
            diagnostics.Error(
                "vcl/probe", request.Span, "the probe says twice what it asks", "write `.url` or `.request`");
        }

        if (NumberOf(properties, "expected_response") is (var status, { } place) && status is < 100 or > 999)
        {
            diagnostics.Error("vcl/probe", place.Span, $"`{status}` is no status", "write three digits");
        }

        CheckWindow(properties, diagnostics);
    }

    private static void CheckWindow(EquatableList<BackendProperty> properties, DiagnosticBag diagnostics)
    {
        var (window, windowPlace) = NumberOf(properties, "window");
        var (threshold, thresholdPlace) = NumberOf(properties, "threshold");
        if (windowPlace is not null && thresholdPlace is null)
        {
            diagnostics.Error("vcl/probe", windowPlace.Span, "`.window` needs `.threshold`");
        }
        else if (window > 64 || threshold > 64)
        {
            diagnostics.Error(
                "vcl/probe", (window > 64 ? windowPlace : thresholdPlace)!.Span, "64 probes are the most that count");
        }
        else if (windowPlace is not null && threshold > window)
        {
            diagnostics.Error(
                "vcl/probe", thresholdPlace!.Span, "`.threshold` is above `.window`, so the backend is never healthy");
        }
    }

    private static void CheckAll(
        EquatableList<BackendProperty> properties, IReadOnlyDictionary<string, Holds> known, VclProgram program,
        DiagnosticBag diagnostics)
    {
        foreach (var again in properties.Items.GroupBy(p => p.Name).SelectMany(g => g.Skip(1)))
        {
            diagnostics.Error("vcl/backend", again.Span, $"`.{again.Name}` is given twice");
        }

        foreach (var property in properties)
        {
            if (!known.TryGetValue(property.Name, out var holds))
            {
                diagnostics.Error("vcl/backend", property.Span, $"there is no property `.{property.Name}`",
                    Suggestion.DidYouMean(property.Name, known.Keys));
            }
            else if (!Fits(property, holds))
            {
                diagnostics.Error("vcl/backend", property.Span, $"`.{property.Name}` is not {Describe(holds)}");
            }
            else if (property.Values is [SymbolReference symbol])
            {
                CheckReference(symbol, holds, program, diagnostics);
            }
        }
    }

    private static void CheckReference(
        SymbolReference symbol, Holds holds, VclProgram program, DiagnosticBag diagnostics)
    {
        var kind = holds == Holds.Backend ? SymbolKind.Backend : SymbolKind.Probe;
        if (program.FindSymbol(symbol.Key, kind) is null)
        {
            diagnostics.Error("vcl/undefined", symbol.Span,
                $"there is no {kind.ToString().ToLowerInvariant()} `{symbol.Name}`",
                Suggestion.DidYouMean(
                    symbol.Name, program.Definitions.Items.Where(d => d.Kind == kind).Select(d => d.Name.Text)));
        }
    }

    private static bool Fits(BackendProperty property, Holds holds) => (holds, property.Values.Items) switch
    {
        (Holds.Probe, _) when property.Nested is not null => true,
        _ when property.Nested is not null => false,
        (Holds.Text, [StringLiteral]) => true,
        (Holds.Number, [IntegerLiteral]) => true,
        (Holds.Duration, [DurationLiteral]) => true,
        (Holds.Blob, [BlobLiteral]) => true,
        (Holds.Probe or Holds.Backend, [SymbolReference]) => true,
        (Holds.Lines, var lines) => lines.All(l => l is StringLiteral),
        _ => false,
    };

    private static string Describe(Holds holds) => holds switch
    {
        Holds.Text => "a string",
        Holds.Number => "a whole number",
        Holds.Duration => "a duration, such as `5s`",
        Holds.Blob => "a blob, such as `:Zm9v:`",
        Holds.Probe => "a probe or the name of one",
        Holds.Backend => "the name of a backend",
        _ => "a string or several",
    };

    private static BackendProperty? Find(EquatableList<BackendProperty> properties, string name) =>
        properties.Items.FirstOrDefault(p => p.Name == name);

    private static (long? Value, BackendProperty? Place) NumberOf(
        EquatableList<BackendProperty> properties, string name) =>
        Find(properties, name) is { Values: [IntegerLiteral { Value: var value }] } place
            ? (value, place)
            : (null, null);
}
