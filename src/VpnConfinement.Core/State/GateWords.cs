namespace VpnConfinement.State;

/// <summary>The words by which the parts of the start gate know each other (docs/adr/0012).</summary>
public static class GateWords
{
    /// <summary>Argument: nothing of the host's <c>/run</c> that looks names up may be seen.</summary>
    public const string PrivateRun = "--private-run";

    /// <summary>Argument: but for nscd and the system bus, which <c>allowHostResolverIPC</c> lets in.</summary>
    public const string HostResolverIpc = "--host-resolver-ipc";

    /// <summary>The section of a drop-in that names the look from inside; systemd passes over it.</summary>
    public const string Section = "X-VpnConfinement";

    /// <summary>The key of that command.</summary>
    public const string Key = "Gate";

    /// <summary>Between the gate's own arguments and the program.</summary>
    public const string ProgramFollows = "--";

    /// <summary>The same where the word after the program is the name that it is given.</summary>
    public const string NamedProgramFollows = "--named";

    /// <summary>Argument: folders in which to look for a program without a path, with colons between them.</summary>
    /// <remarks>Of ExecSearchPath= (systemd.exec(5)).</remarks>
    public const string SearchPath = "--path=";

    /// <summary>
    /// Argument: <c>exec</c> is told over this socket what became of the look, and the program is found and its failure
    /// to start told as a shell does it (127, 126). The words are those of <see cref="CommandStatus"/>.
    /// </summary>
    public const string TellsCaller = "--tell-caller=";

    /// <summary>Argument: SIGPIPE is to end the program (IgnoreSIGPIPE=no).</summary>
    /// <remarks>The gate's own runtime ignores the signal, and execve(2) hands that on.</remarks>
    public const string DefaultPipeSignal = "--default-sigpipe";
}
