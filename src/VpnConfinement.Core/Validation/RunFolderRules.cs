using VpnConfinement.Model;
using VpnConfinement.State;
using VpnConfinement.Text;

namespace VpnConfinement.Validation;

/// <summary>
/// Folders below /run that a service under strict DNS has because its own commands make them, or because tmpfiles.d
/// does; and VPC122 for a program whose folder there is not its own.
/// </summary>
internal static class RunFolderRules
{
    private static readonly string[] Makers = ["mkdir", "install"];

    // GNU Screen (screen(1), SCREENDIR); what it keeps there is every session of the user.
    private static readonly (string Program, string Folder)[] OfPrograms = [("screen", "/run/screen")];

    /// <summary>The folders that its own commands make, as names below /run.</summary>
    internal static IReadOnlyList<string> Made(ServiceUnit service)
    {
        var own = service.Settings.Words("Service", "RuntimeDirectory").Select(d => d.Split(':')[0]).ToList();
        return
        [
            .. from key in UnitCommand.Keys.Where(k => k is "ExecStartPre" or "ExecStart")
               from command in UnitCommand.All(service.Settings, key).SelectMany(RunPrograms.Of)
               where Makers.Contains(RunPrograms.Name(command[0]), StringComparer.Ordinal)
                  && (RunPrograms.Name(command[0]) == "mkdir" || command.Contains("-d") || command.Contains("--directory"))
               from word in command.Skip(1)
               let name = BelowRun(word)
               where name is not null && name.Length > 0 && !own.Any(o => HostPath.IsIn(o, name) || HostPath.IsIn(name, o))
               select name,
        ];
    }

    /// <summary>The folders that tmpfiles.d(5) makes for it at boot, by their names; none that it shares with others.</summary>
    internal static IReadOnlyList<string> OfTmpfiles(ServiceUnit service, HostFacts facts)
    {
        var names = OwnNames.Of(service).ToHashSet(StringComparer.Ordinal);
        return
        [
            .. from folder in facts.TmpfilesFolders
               where folder.Split('/') is ["", "run", var name, ..] && names.Contains(name)
                  && HostSockets.KeptAway(folder) is null && !Array.Exists(OfPrograms, p => HostPath.IsIn(folder, p.Folder))
               select folder,
        ];
    }

    internal static void Check(ServiceUnit service)
    {
        if (service.Namespace?.DnsMode?.Value == DnsMode.Compat)
        {
            return;
        }

        var programs = UnitCommand.All(service.Settings, "ExecStart").SelectMany(RunPrograms.Of)
            .Select(c => RunPrograms.Name(c[0])).ToHashSet(StringComparer.Ordinal);
        foreach (var (program, folder) in OfPrograms.Where(p => programs.Contains(p.Program)))
        {
            if (!service.Written.RunPaths.Any(p => HostPath.IsIn(folder, p.Value)) && !SetsOtherFolder(service))
            {
                service.Warning(
                    "VPC122",
                    $"{service.Unit} runs {program}, which has its sockets in {folder}, and that is not there under strict DNS.",
                    $"Write runPaths = [\"{folder}\"] under [{service.Written.InToml}]; it then reaches other sessions of its user there.");
            }
        }
    }

    private static bool SetsOtherFolder(ServiceUnit service) =>
        service.Settings.Words("Service", "Environment").Any(w => w.StartsWith("SCREENDIR=", StringComparison.Ordinal));

    // What has a specifier or leads where nothing of a service's own is, is passed over: it may be any folder.
    private static string? BelowRun(string word)
    {
        var path = RunBindRules.Plain(word);
        path = HostPath.IsBelow(path, "/var/run") ? path["/var".Length..] : path;
        return HostPath.IsBelow(path, "/run") && !path.Contains('%', StringComparison.Ordinal) && path.All(Visible.IsPlain)
            && !path.Any(c => c is ':' or ' ' or '"' or '\\' or '\'' or '$') && HostSockets.KeptAway(path) is null
            ? path["/run/".Length..]
            : null;
    }
}
