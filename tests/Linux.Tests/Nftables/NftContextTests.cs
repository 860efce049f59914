using VpnConfinement.Linux.Nftables;

namespace VpnConfinement.Linux.Tests.Nftables;

public sealed class NftContextTests
{
    private const string Tried = "\nliblibnftables.so.1: cannot open shared object file: No such file or directory";
    private const string Missing = "libnftables.so.1: cannot open shared object file: No such file or directory" + Tried;

    [Theory]
    [InlineData(Missing, "nftables is not installed: libnftables.so.1 not found; install package nftables")]
    [InlineData(
        "libmnl.so.0: cannot open shared object file: No such file or directory" + Tried,
        "libnftables.so.1 cannot be loaded: libmnl.so.0: cannot open shared object file: No such file or directory")]
    [InlineData(
        "/usr/lib/libnftables.so.1: invalid ELF header" + Tried,
        "libnftables.so.1 cannot be loaded: /usr/lib/libnftables.so.1: invalid ELF header")]
    [InlineData(
        "/lib/libc.so.6: version `GLIBC_2.38' not found (required by /usr/lib/libnftables.so.1)" + Tried,
        "libnftables.so.1 cannot be loaded: /lib/libc.so.6: version `GLIBC_2.38' not found (required by /usr/lib/libnftables.so.1)")]
    public void A_library_that_is_not_there_is_told_from_one_that_cannot_be_loaded(string loader, string said) =>
        Assert.Equal(said, NftContext.Unusable(new DllNotFoundException(
            $"Unable to load shared library 'libnftables.so.1' or one of its dependencies: \n{loader}\n")).Message);
}
