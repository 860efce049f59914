using VpnConfinement.Config;
using VpnConfinement.Diagnostics;
using VpnConfinement.Model;
using VpnConfinement.State;
using VpnConfinement.Text;

namespace VpnConfinement.Validation;

/// <summary>
/// VPC086, VPC107, VPC113 and VPC126: which folders of the host a service does not see (S-33): those of daemons that
/// act for a caller, and those that the host mounts when they are opened. It goes on seeing what its own unit names,
/// and that is named.
/// </summary>
internal sealed class MaskRules
{
    // What automounters use by custom, whether or not one is installed.
    private static readonly (string Path, string[] Units)[] Custom =
        [("/afs", ["openafs-client.service", "afs.mount"]), ("/misc", []), ("/net", [])];

    private readonly ServiceUnit _service;
    private readonly HostMounts _mounts;
    private readonly HostFacts _facts;

    private MaskRules(ServiceUnit service, HostMounts mounts, HostFacts facts) =>
        (_service, _mounts, _facts) = (service, mounts, facts);

    /// <summary>
    /// The masks of a service, ordinal order of their paths. What is wrong about them goes to its findings.
    /// </summary>
    internal static IReadOnlyList<PathMask> Choose(ServiceUnit service, HostMounts mounts, HostFacts facts)
    {
        var rules = new MaskRules(service, mounts, facts);
        // Below a root of its own, which may be read-only, nothing is made.
        var hasOtherRoot = MountSettings.OtherRoots(service.Settings).Any();
        return
        [
            .. rules.Engines().Concat(rules.OnDemand()).Select(m => hasOtherRoot ? m with { IsMade = false } : m)
                .OrderBy(m => m.Path, StringComparer.Ordinal),
        ];
    }

    /// <summary>The masks of what <c>exec</c> runs in a namespace: no unit of its own gives any of them back.</summary>
    internal static IReadOnlyList<PathMask> OfCommands(NamespaceConfig ns, HostMounts mounts, HostFacts facts)
    {
        var written = new ServiceConfig
        {
            Name = ns.Name,
            Enable = true,
            Namespace = ns.Name,
            Hardening = null,
            ExtraAddressFamilies = [],
            RunPaths = [],
            WritePaths = [],
            AllowJit = true,
            RestrictBind = null,
            AllowRootInHighAssurance = false,
            Capabilities = [],
            Allow = [],
            OnTunnelLoss = OnTunnelLoss.Stop,
        };
        // No name of a namespace stands in it: one of them, 'a.socket', would make it a unit of another type.
        const string unit = "vpn-confinement-exec.service";

        // Of the host's automounts each service is told once; a command has no place in the configuration to tell it
        // at.
        return UnitName.TryParseService(unit, out var name)
            ? Choose(
                new ServiceUnit(written, name, unit, UnitSettings.Read([]), ns, new DiagnosticBag()), mounts, facts)
            : throw new InvalidOperationException($"{unit} is no name of a unit");
    }

    /// <summary>Whether a service gets a <c>/dev/shm</c> of its own.</summary>
    internal static bool HidesSharedMemory(ServiceUnit service)
    {
        if (service.Written.Allow.Any(a => a.Value == IsolationOptOut.SharedMemory)
            || service.Hidden.Any(h => HostPath.IsIn(HostPath.SharedMemory, h)))
        {
            return false;
        }

        // Of several mounts on one path systemd drops the tmpfs; below it a bind stays, and gives one folder back.
        var own = service.Needed
            .FirstOrDefault(n => n.Place == HostPath.SharedMemory || n.Reaches(HostPath.SharedMemory));
        if (own is null)
        {
            return true;
        }

        service.Weak(
            "VPC086", "VPC113",
            $"{service.Unit} has {Visible.Text(own.Setting)}, so it shares {HostPath.SharedMemory} with programs of the host.",
            $"Take it out with 'systemctl edit {service.Unit}'; the service has a {HostPath.SharedMemory} of its own.");
        return false;
    }

    private List<PathMask> Engines()
    {
        var masks = new List<PathMask>();
        var seen = new List<(UnitPath Own, EngineFolder Engine)>();
        if (_service.Written.Allow.Any(a => a.Value == IsolationOptOut.Engines))
        {
            return masks;
        }

        foreach (var engine in EngineFolder.Known.Where(e => !IsHidden(e.Path)))
        {
            if (Undoes(engine.Path) is { } own)
            {
                seen.Add((own, engine));
            }
            else if (!IsReplaced(engine.Path))
            {
                masks.Add(new PathMask(engine.Path, AnyInstalled(engine.Units) || IsFilled(engine.Path)));
            }
        }

        foreach (var by in seen.GroupBy(s => s.Own.Setting, StringComparer.Ordinal))
        {
            var folders = string.Join(", ", by.Select(s => $"{s.Engine.Path} ({s.Engine.Daemon})"));
            _service.Weak(
                "VPC086", "VPC113",
                $"{_service.Unit} has {Visible.Text(by.Key)}, so it sees daemons of the host's network: {folders}.",
                $"Take it out with 'systemctl edit {_service.Unit}'.");
        }

        return masks;
    }

    private List<PathMask> OnDemand()
    {
        var masks = new List<PathMask>();
        foreach (var (path, units) in Custom.Where(c => IsMasked(c.Path)))
        {
            // An automount below it may make the folder later.
            var isKnown = _mounts.Automounts.Any(a => HostPath.IsIn(a.Path, path)) || AnyInstalled(units);
            masks.Add(new PathMask(path, isKnown || IsFilled(path)));
        }

        var others = _mounts.Automounts
            .Where(a => !Array.Exists(Custom, c => HostPath.IsIn(a.Path, c.Path)) && IsMasked(a.Path)).ToList();
        foreach (var by in others.Where(a => WhyNot(a) is not null).GroupBy(WhyNot, StringComparer.Ordinal))
        {
            _service.Warning(
                "VPC107", $"{_service.Unit} can open {Named(by)}, and the host then mounts it; {by.Key}.",
                "Mount it at boot instead of on demand, or accept that the service can tell the host to.");
        }

        var hidden = others.Where(a => WhyNot(a) is null).ToList();
        if (hidden.Count > 0)
        {
            _service.Notice(
                "VPC126", $"{_service.Unit} does not see {Named(hidden)}, which the host mounts when it is opened.",
                $"If it needs one, write RequiresMountsFor={hidden[0].Path} under [Unit] with "
                + $"'systemctl edit {_service.Unit}'; the traffic is the host's then.");
        }

        return [.. masks, .. hidden.Select(a => new PathMask(a.Path, IsMade: true))];
    }

    private static string Named(IEnumerable<Automount> automounts) =>
        string.Join(", ", automounts.Select(a => $"{Visible.Text(a.Path)} ({Visible.Text(a.Origin)})"));

    private bool AnyInstalled(string[] units) =>
        Array.Exists(units, u => _facts.Installed.Contains(u, StringComparer.Ordinal));

    private bool IsMasked(string path) => !IsHidden(path) && !IsReplaced(path) && Undoes(path) is null;

    /// <summary>
    /// The last systemd that hides a mount point of autofs without opening it. Seen: 252 and 257 do. 262 opens it
    /// while it sets up the service: hiding it would have the host mount it at each start, and fail the start where
    /// the host cannot.
    /// </summary>
    private const int LastThatHides = 257;

    // systemd shows paths with blanks between them: the start gate could not tell one that has a blank.
    private string? WhyNot(Automount automount) => (automount.IsDirect, _facts.Systemd) switch
    {
        (true, { Version: > LastThatHides and var version }) => $"systemd {version} cannot hide it without opening it",
        _ => automount.Path.All(c => char.IsAsciiLetterOrDigit(c) || "/-_.+@=,".Contains(c, StringComparison.Ordinal))
            ? null
            : "a path with such characters is not hidden",
    };

    // What the unit itself needs of it, which a mask would take away or which takes the mask away.
    private UnitPath? Undoes(string path) => _service.Needed.FirstOrDefault(n => n.Reaches(path));

    private bool IsHidden(string path) => _service.Hidden.Any(h => HostPath.IsIn(path, h));

    // Something else is bound there.
    private bool IsReplaced(string path) => _service.Needed.Any(n => n.Place == path);

    // Something else is bound below it, which needs a folder to be in.
    private bool IsFilled(string path) => _service.Needed.Any(n => HostPath.IsIn(n.Place, path));
}
