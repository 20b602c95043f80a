using CachePolicyOperator.Core.Diagnostics;

namespace CachePolicyOperator.Cli.Inputs;

/// <summary>Quotes the lines that diagnostics are about.</summary>
internal interface IExcerpts
{
    /// <summary>The lines to show; empty where there are none.</summary>
    IReadOnlyList<ExcerptLine> Of(Diagnostic diagnostic);
}

/// <summary>A quoted line, or carets below one, behind its gutter (<c>12 |</c>).</summary>
internal readonly record struct ExcerptLine(string Gutter, string Text);
