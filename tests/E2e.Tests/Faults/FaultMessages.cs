namespace VpnConfinement.E2e.Tests.Faults;

/// <summary>
/// The messages by which a run changes the kernel or the WireGuard program, and what threads besides its first one do to files: inside a network namespace, each on
/// a thread of its own. strace counts for each thread alone, so it holds each call for a moment, and a program that reads what it says counts them all.
/// </summary>
internal static class FaultMessages
{
    internal const string Place = "/root/kill-at-message.py";

    /// <summary>Where the program writes what it has counted: a kind and the call in each line. The last is the one that was hit.</summary>
    internal const string Counted = "/run/fault.messages";

    /// <summary>What a line begins with whose call had been made when the run was killed at it.</summary>
    internal const string Late = "late ";

    /// <summary>Takes the number of the call before which the run is killed (0 for none) and the command line. Ends as the run does, with 137 where it has killed it.</summary>
    internal const string Program = $$"""
        import os, re, signal, subprocess, sys
        turn, command = int(sys.argv[1]), sys.argv[2:]
        calls = "sendto,sendmsg,?rename,?renameat,?renameat2,?unlink,?unlinkat,?symlink,?symlinkat,?rmdir,?umount2"
        r, w = os.pipe()
        run = subprocess.Popen(
            ["strace", "-f", "-qq", "-yy", "-s", "24", "-e", "signal=none", "-e", "trace=execve," + calls, "-e", f"inject={calls}:delay_enter=20000", "-o", f"/proc/self/fd/{w}", *command],
            pass_fds=[w])
        os.close(w)
        leader, counted, last = 0, [], None

        # Its commands have threads as well.
        def ours(tid):
            try:
                return f"\nTgid:\t{leader}\n" in open(f"/proc/{tid}/status").read()
            except OSError:
                return False

        # What only reads is no point of its own, but for the first after a change.
        def kind(tid, name, what):
            if not name.startswith("send"):
                return f"inside {name}" if tid != leader else None
            if "<UNIX" in what:
                return "WireGuard message" if '"set=1' in what else None
            if re.search("nlmsg_type=(0x10[0-9a-f]|NFNL_SUBSYS_CTNETLINK)", what):
                return "flows message"
            if name == "sendmsg":
                return "ruleset message"
            if re.search(r"NLM_F_DUMP|0x300\b|nlmsg_type=(0xa10|0xa01|0x12)\b|MSG_GET|RTM_GET", what):
                return f"after {last}" if last else None
            return "link message"

        text, at, held = "", 0, 0
        while not held and (piece := os.read(r, 65536)):
            text += piece.decode(errors="replace")
            # The last line has no end yet: its call is held.
            for call in re.finditer(r"^(\d+) +(\w+)\((.*)", text[at:], re.M):
                tid, name, what = int(call[1]), call[2], call[3]
                leader = leader or tid
                if name == "execve" or not ours(tid):
                    continue
                found = kind(tid, name, what)
                if not found:
                    continue
                last = None if found.startswith("after") else found
                counted.append(f"{found}\t{name}({what}")
                if len(counted) == turn:
                    os.kill(leader, signal.SIGKILL)
                    held = tid
                    break
            at = len(text)
        rest = b""
        while piece := os.read(r, 65536):
            rest += piece
        if held and re.search(rf"\A[^\n]*= \d+ \(DELAYED\)|^{held} <\.\.\. [^\n]*= \d+ \(DELAYED\)", rest.decode(errors="replace"), re.M):
            counted[-1] = "{{Late}}" + counted[-1]
        code = run.wait()
        with open("{{Counted}}", "w") as out:
            out.write("\n".join(counted))
        sys.exit(137 if code < 0 else code)

        """;

    /// <summary>The points at which a run can be killed, by what was counted when it was not.</summary>
    internal static IReadOnlyList<FaultPoint> Points(string counted) =>
        [.. counted.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => l.Split('\t')).Select((l, i) => new FaultPoint($"{l[0]} killed", i + 1, "", l[1]) { IsMessage = true })];
}
