using System.Text.Json;
using System.Text.Json.Nodes;
using VpnConfinement.Model;

namespace VpnConfinement.Plan;

/// <summary>Brings the JSON of a plan that an older program wrote into the present format.</summary>
internal static class FormerPlan
{
    /// <summary>Changes a plan in place until its version is <see cref="NamespacePlan.CurrentVersion"/>.</summary>
    /// <exception cref="JsonException">The version is missing, or a value of the older format is damaged.</exception>
    /// <exception cref="NotSupportedException">The version is a newer one, or never was one.</exception>
    internal static void Migrate(JsonObject plan)
    {
        var version = Number(plan);
        if (version == 1)
        {
            AddHardwareAddresses(plan);
            version = 2;
        }

        if (version == 2)
        {
            // It had the ruleset's text alone.
            plan["policy"] = null;
            version = 3;
        }

        if (version == 3)
        {
            // Tables and filters are made of the values that are beside them.
            Remove(plan["hostLink"], "outFilter", "inFilter", "hostRuleset");
            Remove(plan["pinning"], "ruleset");
            // It always had an MTU, which stays until the next 'apply'.
            version = 4;
        }

        plan["version"] = version == NamespacePlan.CurrentVersion
            ? version
            : throw new NotSupportedException($"its format is {version}; this program reads formats 1 to {NamespacePlan.CurrentVersion}");
    }

    private static int Number(JsonObject plan) =>
        plan["version"] is JsonValue value && value.TryGetValue<int>(out var number) ? number : throw new JsonException("it has no version");

    // Format 1 knew no hardware addresses of the host link; both follow from the namespace's name.
    private static void AddHardwareAddresses(JsonObject plan)
    {
        if (plan["hostLink"] is JsonObject link)
        {
            var ns = NamespaceName.TryParse(Text(plan, "namespace"), out var name)
                ? name : throw new JsonException("'namespace' is no name of a namespace");
            link["hostMac"] = HostLinkDerivation.HostMac(ns).ToString();
            link["namespaceMac"] = HostLinkDerivation.NamespaceMac(ns).ToString();
        }
    }

    private static void Remove(JsonNode? from, params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            (from as JsonObject)?.Remove(name);
        }
    }

    private static string Text(JsonObject of, string name) =>
        of[name] is JsonValue value && value.TryGetValue<string>(out var text) ? text : throw new JsonException($"'{name}' is missing or no text");
}
