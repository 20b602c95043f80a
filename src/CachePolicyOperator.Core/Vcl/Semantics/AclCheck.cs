using System.Net;
using System.Net.Sockets;
using CachePolicyOperator.Core.Vcl.Syntax;

namespace CachePolicyOperator.Core.Vcl.Semantics;

/// <summary>Entries of an acl that contradict each other, or whose mask does not fit their address.</summary>
internal sealed class AclCheck : IProgramCheck
{
    public void Run(VclProgram program, DiagnosticBag diagnostics)
    {
        foreach (var acl in program.File.Declarations.Items.OfType<AclDeclaration>())
        {
            var pedantic = !acl.Flags.Items.Any(f => f is { On: false, Name: "pedantic" });
            var seen = new Dictionary<(string Host, int? Mask), AclEntry>();
            foreach (var entry in acl.Entries)
            {
                CheckMask(entry, pedantic, diagnostics);
                if (seen.TryGetValue((entry.Host, entry.Mask), out var first) && first.Negated != entry.Negated)
                {
                    diagnostics.Error(
                        "vcl/acl", entry.Span, $"the entry contradicts the one at {first.Span}", "remove one of them");
                }

                seen.TryAdd((entry.Host, entry.Mask), entry);
            }
        }
    }

    private static void CheckMask(AclEntry entry, bool pedantic, DiagnosticBag diagnostics)
    {
        // A name is resolved when the VCL is loaded: nothing can be said about it here.
        if (entry.Mask is not { } mask || !entry.Host.Contains(':') && entry.Host.Count(c => c == '.') != 3 ||
            !IPAddress.TryParse(entry.Host, out var address))
        {
            return;
        }

        var bits = address.AddressFamily == AddressFamily.InterNetwork ? 32 : 128;
        if (mask > bits)
        {
            diagnostics.Error(
                "vcl/acl", entry.Span, $"the mask `/{mask}` is too wide for `{entry.Host}`", $"at most {bits} bits");
        }
        else if (pedantic && HasBitsBelow(address, mask))
        {
            diagnostics.Error("vcl/acl", entry.Span, $"`{entry.Host}` has bits below its mask `/{mask}`",
                "clear them, or declare the acl with `-pedantic`");
        }
    }

    private static bool HasBitsBelow(IPAddress address, int mask)
    {
        var bytes = address.GetAddressBytes();
        return Enumerable.Range(mask, (bytes.Length * 8) - mask)
            .Any(bit => (bytes[bit / 8] & (0x80 >> (bit % 8))) != 0);
    }
}
