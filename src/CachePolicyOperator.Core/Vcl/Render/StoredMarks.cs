using CachePolicyOperator.Core.HeaderFields;

namespace CachePolicyOperator.Core.Vcl.Render;

/// <summary>
/// The fields by which an invalidation finds a stored object, and the ban lurker, which has no request. They are
/// stored with it, and no client sees them.
/// </summary>
internal static class StoredMarks
{
    /// <summary>For a <c>vcl_backend_response</c> or <c>vcl_backend_error</c>. Needs <c>import std;</c>.</summary>
    public static void Write(VclWriter vcl)
    {
        foreach (var field in ResponseFields.Tags)
        {
            vcl.Line($"std.collect(beresp.http.{field});");
        }

        var tags = string.Join(" + \",\" + ", ResponseFields.Tags.Select(f => $"beresp.http.{f}"));
        vcl.Line($"set beresp.http.{InternalHeaders.Tags} = {tags};");
        vcl.Line($"set beresp.http.{InternalHeaders.StoredHost} = bereq.http.Host;");
        vcl.Line($"set beresp.http.{InternalHeaders.StoredUrl} = bereq.url;");
    }

    /// <summary>For a <c>vcl_deliver</c>.</summary>
    public static void Remove(VclWriter vcl)
    {
        vcl.Line($"unset resp.http.{InternalHeaders.Tags};");
        vcl.Line($"unset resp.http.{InternalHeaders.StoredHost};");
        vcl.Line($"unset resp.http.{InternalHeaders.StoredUrl};");
    }
}
