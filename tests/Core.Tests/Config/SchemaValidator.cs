using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using VpnConfinement.Text;

namespace VpnConfinement.Core.Tests.Config;

/// <summary>A validator of JSON Schema that is not ours: Debian's python3-jsonschema. It checks the schema by its meta-schema first.</summary>
internal static class SchemaValidator
{
    private static readonly string Schema = Path.GetFullPath(Path.Combine(TestPaths.Project, "../../docs/vpn-confinement.schema.json"));

    /// <summary>What is wrong with each instance, null where nothing is.</summary>
    internal static IReadOnlyList<string?> Validate(IEnumerable<JsonNode?> instances)
    {
        var start = new ProcessStartInfo("/usr/bin/python3", [Path.Combine(TestPaths.Project, "Config/validate.py"), Schema])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var python = Process.Start(start)!;
        var output = python.StandardOutput.ReadToEndAsync();
        var error = python.StandardError.ReadToEndAsync();
        python.StandardInput.Write(new JsonArray([.. instances.Select(i => i?.DeepClone())]).ToJsonString());
        python.StandardInput.Close();
        python.WaitForExit();
        Assert.True(python.ExitCode == 0, "python3 with python3-jsonschema is needed, and a schema that its meta-schema accepts: " + error.GetAwaiter().GetResult());
        return JsonSerializer.Deserialize<List<string?>>(output.GetAwaiter().GetResult())!;
    }

    /// <summary>A tree as JSON; what JSON has no type for is a fraction.</summary>
    internal static JsonNode? Json(Node node) => node switch
    {
        TableNode table => new JsonObject(table.Members.Select(m => KeyValuePair.Create(m.Key, Json(m.Value)))),
        ArrayNode array => new JsonArray([.. array.Items.Select(Json)]),
        StringNode text => text.Value,
        IntegerNode number => number.Value,
        BooleanNode flag => flag.Value,
        _ => 0.5,
    };
}
