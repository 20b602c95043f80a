using System.Text;
using CachePolicyOperator.Core.Model;
using CachePolicyOperator.Entities.Documents;

namespace CachePolicyOperator.Entities.Reading;

/// <summary>Reads what a rule answers by itself.</summary>
internal static class AnswerReader
{
    private const int LongestReason = 100;
    private const int LongestBody = 65_536;

    private static readonly Dictionary<int, string> Reasons = new()
    {
        [200] = "OK",
        [204] = "No Content",
        [301] = "Moved Permanently",
        [302] = "Found",
        [303] = "See Other",
        [307] = "Temporary Redirect",
        [308] = "Permanent Redirect",
        [400] = "Bad Request",
        [403] = "Forbidden",
        [404] = "Not Found",
        [410] = "Gone",
        [429] = "Too Many Requests",
        [451] = "Unavailable For Legal Reasons",
        [503] = "Service Unavailable",
    };

    public static Answer? Read(FieldReader answer)
    {
        if (answer.IsGiven && !answer.Has("status"))
        {
            answer.Missing("status", "write for example `{status: 404}` or `{status: 301, location: /new}`");
        }

        var status = answer.Whole("status", 100, 599) is { } given && IsKnown(answer, given) ? given : (int?)null;
        var (reason, keepsTarget, body) = (Reason(answer), answer.Flag("keepTarget") is true, Body(answer));
        var (type, time) = (ContentType(answer, body), RetryAfter(answer, status));
        var location = Location(answer, status, keepsTarget);
        if (status == 204 && body.Length > 0)
        {
            answer.Findings.Error("field/conflict", answer.At("body"), "an answer with status 204 has no body",
                "use 200, or remove it");
        }

        return status is not { } known ? null : new Answer(known, reason ?? Reasons[known], location, keepsTarget)
        {
            Body = body,
            ContentType = type,
            RetryAfter = time,
        };
    }

    private static bool IsKnown(FieldReader answer, int status)
    {
        if (Reasons.ContainsKey(status))
        {
            return true;
        }

        answer.Findings.Error("status/unsafe", answer.At("status"), $"a rule does not answer with status {status}",
            $"use one of {string.Join(", ", Reasons.Keys.Order())}");
        return false;
    }

    private static string? Location(FieldReader answer, int? status, bool keepsTarget)
    {
        var leads = status is { } known && Answer.Redirects.Contains(known);
        foreach (var field in answer.Given("location", "keepTarget"))
        {
            if (!leads && status is not null)
            {
                answer.Findings.Error("field/conflict", answer.At(field),
                    $"`{field}` is of a redirect, and {status} is none",
                    $"use one of {string.Join(", ", Answer.Redirects.Items)}, or remove it");
            }
        }

        if (leads && !answer.Has("location"))
        {
            answer.Missing("location",
                "say where it leads: a URL such as `https://www.example.com/new`, or a path of the same host");
        }

        if (answer.Text("location") is not { } location)
        {
            return null;
        }

        if (location.Any(c => c is <= ' ' or >= (char)127 || "\"<>\\^`{|}".Contains(c)))
        {
            answer.Findings.Error("location/invalid", answer.At("location"),
                $"{Quoted.Text(location)} has a character that no URL has",
                "encode it as `%XX`");
            return null;
        }

        var isPath = location[0] == '/' && !location.StartsWith("//", StringComparison.Ordinal);
        if (!isPath && !IsUrl(location))
        {
            answer.Findings.Error("location/invalid", answer.At("location"),
                $"{Quoted.Text(location)} is no URL and no path",
                "write `https://www.example.com/new`, or a path that begins with one `/`");
            return null;
        }

        if (keepsTarget && (location.EndsWith('/') || location.IndexOfAny(['?', '#']) >= 0))
        {
            answer.Findings.Error("location/invalid", answer.At("location"),
                $"behind {Quoted.Text(location)} no target can follow",
                "leave out the last `/`, the query and the fragment: the target begins with a `/`");
        }

        return location;
    }

    private static bool IsUrl(string location) =>
        Uri.TryCreate(location, UriKind.Absolute, out var url)
        && url.Scheme is "http" or "https" && url.UserInfo.Length == 0 && url.Host.Length > 0
        && location.StartsWith($"{url.Scheme}://", StringComparison.OrdinalIgnoreCase);

    private static string? Reason(FieldReader answer)
    {
        if (answer.Text("reason", LongestReason) is not { } reason)
        {
            return null;
        }

        if (reason.All(c => char.IsAsciiLetterOrDigit(c) || " -'.,!()".Contains(c)))
        {
            return reason;
        }

        answer.Findings.Error("reason/invalid", answer.At("reason"),
            $"{Quoted.Text(reason)} cannot stand behind a status",
            "use letters, digits, blanks and `-'.,!()`; other words go into `body`");
        return null;
    }

    private static string Body(FieldReader answer)
    {
        if (answer.Text("body", LongestBody) is not { } body)
        {
            return "";
        }

        if (body.Contains('\0') || Encoding.UTF8.GetByteCount(body) > LongestBody)
        {
            answer.Findings.Error("body/invalid", answer.At("body"),
                "the body has a NUL in it, or more than 65,536 bytes",
                "serve large pages from an origin");
            return "";
        }

        return body;
    }

    private static string? ContentType(FieldReader answer, string body)
    {
        if (answer.Has("contentType") && !answer.Has("body"))
        {
            answer.Findings.Error("field/conflict", answer.At("contentType"), "there is no body to have a type",
                "give a `body`, or remove it");
        }

        var type = answer.Text("contentType", 128);
        if (type is not null && !IsMediaType(type))
        {
            answer.Findings.Error("type/invalid", answer.At("contentType"), $"{Quoted.Text(type)} is no media type",
                "write for example `text/html; charset=utf-8`");
        }

        return body.Length == 0 ? null
            : type ?? (body.TrimStart().StartsWith('<') ? "text/html; charset=utf-8" : "text/plain; charset=utf-8");
    }

    private static bool IsMediaType(string type)
    {
        string[] parts = type.Split(';', StringSplitOptions.TrimEntries);
        return parts[0].Split('/') is [var main, var sub] && Names.IsToken(main) && Names.IsToken(sub)
            && parts[1..]
                .All(p => p.Split('=') is [var name, var value] && Names.IsToken(name) && Names.IsToken(value));
    }

    private static Duration? RetryAfter(FieldReader answer, int? status)
    {
        if (answer.Has("retryAfter") && status is not (null or 429 or 503))
        {
            answer.Findings.Error("field/conflict", answer.At("retryAfter"), $"nobody asks again after a {status}",
                "use 429 or 503, or remove it");
        }

        return answer.Time("retryAfter");
    }
}
