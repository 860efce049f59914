using System.Text.Json;
using CsCheck;
using VpnConfinement.Diagnostics;
using VpnConfinement.Text;

namespace VpnConfinement.Core.Tests.Validation;

/// <summary>Whatever stands in a value: no crash, no silent refusal, nothing that a terminal would obey.</summary>
public sealed class ForeignTextTests
{
    private static readonly string[] Pieces =
        ["\u001b[31m", "\n", "\r", "\t", "\0", "%", "%i", "\"", "'", "\\", ";", "$", "`", " ", "\u202e", "\u2028", "é", "𝕏", "١", "m", "wg0", "a.b", "..", "/", "/run/", "unix:", "*:", ":80", "10.0.0.1", "/24", "::1", "[", "]", "0x", "-", "_", "9", new string('x', 70)];

    private static readonly Gen<string> Value = Gen.OneOf(Gen.Int[0, Pieces.Length - 1].Select(i => Pieces[i]).Array[0, 5].Select(string.Concat), Gen.String[Gen.Char, 0, 20].Where(s => !s.Any(char.IsSurrogate)));

    [Fact]
    public void In_every_string_option() =>
        Value.Array[16].Sample(v =>
        {
            var s = v.Select(Quoted).ToArray();
            var config = Checked.Run($$"""
                defaultNamespace = {{s[0]}}
                [namespaces.{{s[1]}}]
                wireguard = { interface = {{s[2]}}, socketNamespace = {{s[3]}}, endpointPinning = { enable = true, fwMark = {{s[4]}} } }
                dns = { servers = [{{s[5]}}], search = [{{s[6]}}] }
                hostLink = { enable = true, hostIf = {{s[7]}}, nsIf = {{s[8]}}, subnetIPv4 = {{s[9]}} }
                egress = { mode = "allowList", allowedCidrs = [{{s[10]}}] }
                publish = [ { listen = {{s[11]}}, to = 1 } ]
                [wireguard.interfaces.{{s[2]}}]
                ips = [{{s[12]}}]
                privateKeyFile = {{s[13]}}
                interfaceNamespace = {{s[1]}}
                peers = [ { publicKey = "{{Checked.Key}}", endpoint = {{s[14]}}, allowedIPs = [{{s[15]}}] } ]
                """);
            Harmless(config);
        });

    [Fact]
    public void In_one_option_of_a_configuration_that_works() =>
        Gen.Select(Value, Gen.Int[0, 10]).Sample((value, option) =>
        {
            var s = Quoted(value);
            Harmless(option switch
            {
                0 => Checked.Run(Checked.Namespace(s, "wg0")),
                1 => Checked.Run(Checked.Namespace("m", s, $"wireguard.interface = {s}")),
                2 => Checked.One($"dns.servers = [{s}]"),
                3 => Checked.One($"dns.search = [{s}]"),
                4 => Checked.One($"hostLink = {{ enable = true, hostIf = {s} }}"),
                5 => Checked.One($"egress = {{ mode = \"allowList\", allowedCidrs = [{s}] }}"),
                6 => Checked.One($"publish = [ {{ listen = {s}, to = 1 }} ]"),
                7 => Checked.One($"wireguard.socketNamespace = {s}"),
                8 => Checked.One("", $"privateKeyFile = {s}"),
                9 => Checked.Run($"[namespaces.{s}]"),
                _ => Checked.One("wireguard.allowHostnameEndpoints = true", "dynamicEndpointRefreshSeconds = 60", $"endpoint = {s}"),
            });
        });

    private static void Harmless(Checked config)
    {
        Assert.Equal(config.Confinement is null, config.Findings.Any(f => f.Severity == Severity.Error));
        foreach (var finding in config.Findings)
        {
            Assert.True((finding.Message + finding.Remedy).All(Visible.IsPlain), finding.Message);
            var shown = DiagnosticText.Render(finding, new Dictionary<string, SourceText> { ["config.toml"] = new("config.toml", config.Text) }, (t, _) => t);
            Assert.True(shown.All(c => c == '\n' || Visible.IsPlain(c)), shown);
        }
    }

    private static string Quoted(string text) => JsonSerializer.Serialize(text);
}
