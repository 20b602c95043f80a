using System.CommandLine;

namespace CachePolicyOperator.Cli.Commands;

/// <summary>What a reviewer says, and of which revision.</summary>
internal sealed class ReviewOptions
{
    private const int LongestComment = 16_384;

    private readonly Option<bool> _approve = new("--approve") { Description = "The revision may come into force." };
    private readonly Option<bool> _reject = new("--reject") { Description = "It may not, whoever approves it." };

    private readonly Option<string?> _comment = new("--comment")
    {
        Description = "What you have to say of it.",
        HelpName = "TEXT",
    };

    public void AddTo(Command command, bool isRequired)
    {
        command.Options.Add(_approve);
        command.Options.Add(_reject);
        command.Options.Add(_comment);
        command.Validators.Add(result =>
        {
            var (approves, rejects) = (result.GetValue(_approve), result.GetValue(_reject));
            if (approves && rejects)
            {
                result.AddError("say one of `--approve` and `--reject`");
            }
            else if (!approves && !rejects && (isRequired || result.GetResult(_comment) is not null))
            {
                result.AddError("say what you think of it: `--approve` or `--reject`");
            }
        });
        _comment.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string?>() is { Length: > LongestComment })
            {
                result.AddError($"a comment has {LongestComment} characters at most");
            }
        });
    }

    public static Option<string?> Digest(string description)
    {
        var digest = new Option<string?>("--digest") { Description = description, HelpName = "DIGEST" };
        digest.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string?>() is { } text && !Core.Digest.TryParse(text, out _))
            {
                result.AddError(
                    $"`{text}` is no digest; write `{Core.Digest.Prefix}` and {Core.Digest.Length} hexadecimal digits "
                        + "in full, so that it is one revision");
            }
        });
        return digest;
    }

    /// <summary>The verdict as a CacheReview says it; null where none is given.</summary>
    public string? Of(ParseResult parsed) =>
        parsed.GetValue(_approve) ? "Approved" : parsed.GetValue(_reject) ? "Rejected" : null;

    public string? Comment(ParseResult parsed) => parsed.GetValue(_comment);
}
