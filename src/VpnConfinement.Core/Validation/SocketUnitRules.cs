using VpnConfinement.Config;
using VpnConfinement.Diagnostics;
using VpnConfinement.Model;
using VpnConfinement.State;

namespace VpnConfinement.Validation;

/// <summary>
/// VPC086, VPC088, VPC097, VPC099, VPC113, VPC119 and VPC127: what a confined socket's own unit says. Its commands have
/// the network of the namespace, but no resolver of it, no private /run and no gate: each is named.
/// </summary>
/// <param name="socket">What the configuration says about it.</param>
/// <param name="unit">Its name.</param>
/// <param name="settings">What its unit says.</param>
/// <param name="profile">The profile of its namespace.</param>
/// <param name="findings">Takes what is wrong.</param>
internal sealed class SocketUnitRules(
    SocketConfig socket, UnitName unit, UnitSettings settings, SecurityProfile profile, DiagnosticBag findings)
{
    private const string Own = "Socket";

    internal void Check()
    {
        if (DelegatedNamespaces.WithNetwork(settings, Own) is { } delegated)
        {
            Error("VPC097", DelegatedNamespaces.Said(unit, delegated), DelegatedNamespaces.Remedy(unit, Own));
        }

        foreach (var (message, remedy) in UnknownSettings.Of(unit, Own, settings))
        {
            Weak("VPC119", "VPC119", message, remedy);
        }

        foreach (var (message, remedy) in LinkNames.Of(unit, Own, settings))
        {
            findings.Warning("VPC127", socket.Path, socket.Name.Span, message, remedy);
        }

        foreach (var key in UnitCommand.SocketKeys.Where(k => settings.All(Own, k).Count > 0))
        {
            CheckCommands(key);
        }
    }

    private void CheckCommands(string key)
    {
        var commands = UnitCommand.All(settings, Own, key).ToList();
        var prefixes = string.Concat(commands.SelectMany(c => c.Prefixes.Elevating).Distinct());
        Weak(
            "VPC086", "VPC113",
            $"{unit} has {key}={prefixes}, a command that asks the host's resolver and sees the host's /run.",
            $"Move it to the service, or take it out with 'systemctl edit {unit}'.");
        if (ServiceCommandRules.IsGivenToShell(settings, Own, key))
        {
            Error(
                "VPC099", ServiceCommandRules.GivenToShell(unit, key), ServiceCommandRules.InPlaceOfScript(unit, key));
        }

        var elsewhere = commands.SelectMany(RunPrograms.Of).Select(w => WorkElsewhere.Find(key, w, settings));
        foreach (var work in elsewhere.OfType<ElsewhereWork>().Distinct())
        {
            var (message, remedy) = ServiceCommandRules.Refusal(unit, key, work);
            Error("VPC088", message, remedy);
        }
    }

    private void Weak(string highAssurance, string balanced, string message, string remedy)
    {
        if (profile == SecurityProfile.HighAssurance)
        {
            Error(highAssurance, message, remedy);
        }
        else
        {
            findings.Warning(balanced, socket.Path, socket.Name.Span, message, remedy);
        }
    }

    private void Error(string code, string message, string remedy) =>
        findings.Error(code, socket.Path, socket.Name.Span, message, remedy);
}
