using System.Runtime.InteropServices;

// Native libraries come from the system's loader only; the default would look in the program's own folder first.
[assembly: DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
