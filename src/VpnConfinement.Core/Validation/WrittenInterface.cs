using VpnConfinement.Config;
using VpnConfinement.Model;

namespace VpnConfinement.Validation;

/// <summary>An interface as written, and where.</summary>
/// <param name="Name">Its checked name.</param>
/// <param name="Config">What was written.</param>
/// <param name="Path">Option path for findings.</param>
/// <param name="FromFile">Whether it comes from a wg-quick file, whose keys count as key files.</param>
internal sealed record WrittenInterface(InterfaceName Name, InterfaceConfig Config, string Path, bool FromFile);
