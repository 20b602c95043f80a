using System.Runtime.InteropServices;
using System.Text;

namespace CachePolicyOperator.Core.Tests.Routes.Regex;

/// <summary>The library that varnishd matches with, called with the options that varnishd gives it: none.</summary>
internal sealed class Pcre2 : IDisposable
{
    private const string Library = "libpcre2-8.so.0";

    // PCRE2_INFO_SIZE
    private const uint InfoSize = 22;

    private readonly nint _code;
    private readonly nint _data;

    private Pcre2(nint code) => (_code, _data) = (code, CreateData(code, 0));

    /// <summary>Null where the library refuses the pattern.</summary>
    public static Pcre2? Compile(string pattern)
    {
        var bytes = Encoding.UTF8.GetBytes(pattern);
        var code = Compile(bytes, (nuint)bytes.Length, 0, out _, out _, 0);
        if (code == 0)
        {
            return null;
        }

        // Compiled, as varnishd does it: that matches otherwise where it is mistaken.
        _ = CompileFurther(code, 1);
        return new Pcre2(code);
    }

    /// <summary>How many bytes the library makes of a pattern.</summary>
    public static long SizeOf(string pattern)
    {
        var bytes = Encoding.UTF8.GetBytes(pattern);
        var code = Compile(bytes, (nuint)bytes.Length, 0, out _, out _, 0);
        Assert.True(code != 0, pattern);
        _ = Inform(code, InfoSize, out var size);
        FreeCode(code);
        return (long)size;
    }

    /// <summary>Null where the library gives up.</summary>
    public bool? IsMatch(byte[] subject) => Match(_code, subject, (nuint)subject.Length, 0, 0, _data, 0) switch
    {
        >= 0 => true,
        -1 => false,
        _ => null,
    };

    public void Dispose()
    {
        FreeData(_data);
        FreeCode(_code);
    }

    [DllImport(Library, ExactSpelling = true, EntryPoint = "pcre2_compile_8")]
    private static extern nint Compile(
        byte[] pattern, nuint length, uint options, out int error, out nuint offset, nint context);

    [DllImport(Library, ExactSpelling = true, EntryPoint = "pcre2_pattern_info_8")]
    private static extern int Inform(nint code, uint what, out nuint value);

    [DllImport(Library, ExactSpelling = true, EntryPoint = "pcre2_jit_compile_8")]
    private static extern int CompileFurther(nint code, uint options);

    [DllImport(Library, ExactSpelling = true, EntryPoint = "pcre2_match_data_create_from_pattern_8")]
    private static extern nint CreateData(nint code, nint context);

    [DllImport(Library, ExactSpelling = true, EntryPoint = "pcre2_match_8")]
    private static extern int Match(
        nint code, byte[] subject, nuint length, nuint start, uint options, nint data, nint context);

    [DllImport(Library, ExactSpelling = true, EntryPoint = "pcre2_match_data_free_8")]
    private static extern void FreeData(nint data);

    [DllImport(Library, ExactSpelling = true, EntryPoint = "pcre2_code_free_8")]
    private static extern void FreeCode(nint code);
}
