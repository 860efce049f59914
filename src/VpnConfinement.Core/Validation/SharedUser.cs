using VpnConfinement.State;
using VpnConfinement.Text;

namespace VpnConfinement.Validation;

/// <summary>VPC086 and VPC113: a user that a confined service shares with a service of the host, by whose /proc/PID/root it sees the host's /run.</summary>
public static class SharedUser
{
    // More names than this say nothing more.
    private const int MostNamed = 3;

    /// <summary>Whether the host's other services have to be looked at, because one of these has a user of its own in the host's user database.</summary>
    public static bool Matters(IEnumerable<UnitFact> services) => services.OfType<UnitFact.Present>().Any(s => Of(s.RealName, UnitSettings.Read(s.Texts)) is not null);

    internal static void Check(ServiceUnit service, HostUnits host)
    {
        if (Of(service.RealName, service.Settings) is { } user && host.OutsideWithUser(user) is { Count: > 0 } others)
        {
            var shown = string.Join(", ", others.Take(MostNamed)) + (others.Count > MostNamed ? " and others" : "");
            service.Weak(
                "VPC086", "VPC113", $"{service.Unit} runs as {Visible.Text(user)}, as {shown} outside the namespace; by /proc it reaches what those see.",
                $"Give it a user of its own, or DynamicUser=yes, with 'systemctl edit {service.Unit}'.");
        }
    }

    /// <summary>The static user of a service; null for root, for a dynamic one, and where it cannot be told.</summary>
    internal static string? Of(string unit, UnitSettings settings) =>
        settings.Last("Service", "User") is { } written && UnitSpecifiers.Expand(written, unit) is { Length: > 0 } user && user is not "root" && !user.All(c => c == '0') && !settings.IsOn("Service", "DynamicUser")
            ? user
            : null;
}
