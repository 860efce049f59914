namespace VpnConfinement.Linux.Netlink;

/// <summary>Turns one message's payload (after the 16 bytes of header) into a value, or null where the message is of no interest.</summary>
internal delegate T? MessageParser<T>(ReadOnlySpan<byte> payload)
    where T : class;
