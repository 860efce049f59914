using System.Text.Json;
using VpnConfinement.Linux.Files;
using VpnConfinement.Model;
using VpnConfinement.Plan;

namespace VpnConfinement.Linux.Runtime;

/// <summary>The plans that were applied, as the commands of units read them.</summary>
public static class PlanStore
{
    /// <summary>Reads the plan of a namespace and its ruleset, and checks that they belong together.</summary>
    /// <param name="ns">Name of the namespace.</param>
    /// <exception cref="SystemFailure">There is none, it is damaged, or its parts are of different runs.</exception>
    public static StoredPlan Load(string ns)
    {
        // The name becomes part of paths, and comes from a unit's instance name.
        if (!NamespaceName.TryParse(ns, out _))
        {
            throw new SystemFailure($"'{ns}' is no name of a namespace");
        }

        var path = StateLayout.Plan(ns);
        var text = StateFile.Read(path) ?? throw new SystemFailure($"namespace {ns} has no plan: {path} is missing; run 'vpn-confinement apply'");
        var plan = Parse(text, path);
        if (plan.Namespace != ns)
        {
            throw new SystemFailure($"the plan {path} is that of namespace {plan.Namespace}; run 'vpn-confinement apply'");
        }

        var rulesetPath = StateLayout.Ruleset(ns);
        var ruleset = StateFile.Read(rulesetPath)
            ?? throw new SystemFailure($"namespace {ns} has no ruleset: {rulesetPath} is missing; run 'vpn-confinement apply'");
        return ContentHash.Of(ruleset) == plan.RulesetSha256
            ? new StoredPlan(plan, ruleset)
            : throw new SystemFailure($"the ruleset {rulesetPath} is not the one of the plan {path}; run 'vpn-confinement apply'");
    }

    private static NamespacePlan Parse(string text, string path)
    {
        try
        {
            return PlanJson.Read(text);
        }
        catch (JsonException e)
        {
            throw new SystemFailure($"the plan {path} is damaged ({e.Message}); run 'vpn-confinement apply'", e);
        }
        catch (NotSupportedException e)
        {
            throw new SystemFailure(
                $"another version of this program wrote the plan {path}: {e.Message}",
                "install that version again, or run 'vpn-confinement apply' with this one",
                e);
        }
    }
}
