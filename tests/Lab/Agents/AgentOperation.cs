namespace VpnConfinement.Lab.Agents;

/// <summary>What an agent can do from inside its own process.</summary>
public enum AgentOperation
{
    /// <summary>GET / over HTTP: the value is the body.</summary>
    Get,

    /// <summary>Ask a given DNS server for a name: the value is the address.</summary>
    Query,

    /// <summary>Resolve a name as any program does, through libc: the value is the address.</summary>
    Resolve,

    /// <summary>Send a datagram; nothing is waited for.</summary>
    Send,

    /// <summary>Open a TCP connection.</summary>
    Connect,

    /// <summary>Open a raw ICMP socket and send an echo request.</summary>
    RawPing,

    /// <summary>Send an echo request from an unprivileged ping socket.</summary>
    Ping,

    /// <summary>Send a packet of an IP protocol from a raw socket, with a header of its own where it names a source.</summary>
    Raw,

    /// <summary>Send an IPv4 packet as a frame of a link, past the network layer.</summary>
    Frame,

    /// <summary>Open a socket of an address family, no more.</summary>
    Open,

    /// <summary>Have io_uring open a socket of an address family, of the type that the protocol says.</summary>
    OpenByRing,

    /// <summary>Open a socket of an address family by the system-call table that the name says.</summary>
    OpenByForeignCall,

    /// <summary>Add a key to the process's own keyring.</summary>
    AddKey,

    /// <summary>Have the process's own keyring made.</summary>
    FindKeyring,

    /// <summary>Call a Unix socket and say something: the value is what it answers.</summary>
    Call,

    /// <summary>Look a name up through one source of libc's name service alone: the value is the address.</summary>
    Lookup,

    /// <summary>Enter a network namespace, on a thread that then ends.</summary>
    Enter,

    /// <summary>Listen on a TCP port, and answer each connection with "hello".</summary>
    Listen,

    /// <summary>The names of the links that the process sees.</summary>
    Links,

    /// <summary>The process's id and network namespace.</summary>
    Identity,

    /// <summary>Read the file that is named: the value is its text.</summary>
    Read,

    /// <summary>Connect to the Unix socket that is named: the value is what it says.</summary>
    Hear,

    /// <summary>Write the file that is named, which is not there yet.</summary>
    Write,
}
