using System.Reflection;
using System.Runtime.InteropServices;

namespace CachePolicyOperator.Agent.SharedLog;

/// <summary>The part of Varnish's own library for its shared memory that is called here.</summary>
internal static unsafe partial class VarnishApi
{
    private const string Library = "varnishapi";

    // Newest first. Vinyl Cache is the name of Varnish from 9.0 on.
    private static readonly string[] FileNames =
    [
        "libvarnishapi.so.3", "libvinylapi.so.4", "libvinylapi.so.3", "libvarnishapi.so.2", "libvarnishapi.so",
    ];

    static VarnishApi() => NativeLibrary.SetDllImportResolver(typeof(VarnishApi).Assembly, Resolve);

    public const int StatusEnd = 0;
    public const int StatusMore = 1;
    public const int StatusOverrun = -3;

    // Bits of VSM_Status.
    public const uint ManagerRunning = 1 << 1;
    public const uint ManagerRestarted = 1 << 3;
    public const uint ChildRunning = 1 << 9;
    public const uint ChildRestarted = 1 << 11;

    [LibraryImport(Library)]
    public static partial nint VSM_New();

    [LibraryImport(Library)]
    public static partial int VSM_Arg(nint vsm, byte option, byte* value);

    [LibraryImport(Library)]
    public static partial int VSM_Attach(nint vsm, int progress);

    [LibraryImport(Library)]
    public static partial uint VSM_Status(nint vsm);

    [LibraryImport(Library)]
    public static partial void VSM_Destroy(nint* vsm);

    [LibraryImport(Library)]
    public static partial byte* VSM_Error(nint vsm);

    [LibraryImport(Library)]
    public static partial nint VSL_New();

    [LibraryImport(Library)]
    public static partial void VSL_Delete(nint vsl);

    [LibraryImport(Library)]
    public static partial void VSL_ResetError(nint vsl);

    /// <summary>A pointer to <c>{ uint* record; … }</c>; null where there is no log.</summary>
    [LibraryImport(Library)]
    public static partial uint** VSL_CursorVSM(nint vsl, nint vsm, uint options);

    [LibraryImport(Library)]
    public static partial void VSL_DeleteCursor(uint** cursor);

    /// <summary>Steps to the next record. Does not block.</summary>
    [LibraryImport(Library)]
    [SuppressGCTransition]
    public static partial int VSL_Next(uint** cursor);

    /// <summary>
    /// The number of a record type in the version of the library that is installed; negative where it has none.
    /// </summary>
    [LibraryImport(Library)]
    public static partial int VSL_Name2Tag(byte* name, int length);

    private static nint Resolve(string name, Assembly assembly, DllImportSearchPath? path)
    {
        if (name != Library)
        {
            return 0;
        }

        foreach (var file in FileNames)
        {
            if (NativeLibrary.TryLoad(file, out var handle))
            {
                return handle;
            }
        }

        throw new DllNotFoundException(
            $"Varnish's library for its shared-memory log is not installed ({string.Join(", ", FileNames)}); "
            + "on Debian it is in the package `libvarnishapi3`");
    }
}
