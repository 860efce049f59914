namespace VpnConfinement.Linux.Tests;

public sealed class SystemFailureTests
{
    // The runtime's messages are sentences, and more is said behind them.
    [Fact]
    public void Its_message_is_a_clause_whatever_it_was_made_of()
    {
        var denied = new UnauthorizedAccessException("Access to the path '/x' is denied.");
        var cannot = new SystemFailure($"cannot write /x: {denied.Message}", "free the disk", denied);
        Assert.Equal("cannot write /x: Access to the path '/x' is denied", cannot.Message);
        Assert.Equal("cannot write /x: Access to the path '/x' is denied", new SystemFailure(cannot.Message + ".").Message);
        Assert.Equal(
            "cannot take it down: Access to the path '/x' is denied; gone; and so on...",
            SystemFailure.Of("take it down", [denied, new IOException("gone."), new IOException("and so on...")]).Message);
    }
}
