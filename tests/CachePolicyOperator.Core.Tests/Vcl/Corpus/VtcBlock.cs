namespace CachePolicyOperator.Core.Tests.Vcl.Corpus;

/// <summary>One VCL of a <c>.vtc</c> file, as varnishtest hands it to varnishd.</summary>
/// <param name="Name">File and number, for messages.</param>
/// <param name="ExpectedError">The message with which varnishd must refuse it; null where it must accept.</param>
/// <param name="Files">Files that the test wrote before, by path.</param>
internal sealed record VtcBlock(
    string Name, string Text, string? ExpectedError, IReadOnlyDictionary<string, string> Files)
{
    public bool IsAccepted => ExpectedError is null;

    /// <summary>Parameters of varnishd that were set by then, as they were written.</summary>
    public required string Parameters { get; init; }
}
