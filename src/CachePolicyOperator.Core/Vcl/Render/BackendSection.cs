namespace CachePolicyOperator.Core.Vcl.Render;

/// <summary>The origin.</summary>
internal static class BackendSection
{
    public static void Write(VclWriter vcl, RenderTarget target)
    {
        vcl.Blank();
        vcl.Block("backend origin", () =>
        {
            vcl.Line($".host = {VclLiteral.String(Host(target.OriginHost))};");
            vcl.Line($".port = \"{Port(target.OriginPort)}\";");
            vcl.Line(".connect_timeout = 3s;");
            vcl.Line(".first_byte_timeout = 60s;");
            vcl.Line(".between_bytes_timeout = 60s;");
        });
    }

    private static string Host(string host) =>
        host.Length > 0 && host.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_' or ':')
            ? host
            : throw new ArgumentException($"`{host}` is no host", nameof(host));

    private static int Port(int port) =>
        port is > 0 and < 65536
            ? port
            : throw new ArgumentOutOfRangeException(nameof(port), port, "a port is 1 to 65535");
}
