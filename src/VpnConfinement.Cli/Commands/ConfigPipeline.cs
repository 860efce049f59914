using VpnConfinement.Config;
using VpnConfinement.Diagnostics;
using VpnConfinement.Linux.Facts;
using VpnConfinement.Text;
using VpnConfinement.Validation;

namespace VpnConfinement.Cli.Commands;

/// <summary>From files to what is true, with every finding on the way.</summary>
internal static class ConfigPipeline
{
    internal static LoadedConfig Load(ConfigSource source)
    {
        var findings = new DiagnosticBag();
        var texts = source.ReadTexts(findings);
        var sources = texts.ToDictionary(t => t.Text.File, t => t.Text, StringComparer.Ordinal);
        if (findings.HasErrors || ConfigReader.Read(texts, findings) is not { } config)
        {
            return new LoadedConfig(null, findings.Sorted(), sources);
        }

        var facts = new HostFactsReader(source.Root).Read(Validator.Requests(config));
        foreach (var text in facts.Files.Values.OfType<FileFact.Present>().Select(f => f.Text).OfType<SourceText>())
        {
            sources.TryAdd(text.File, text);
        }

        var confinement = Validator.Validate(config, facts, source.Strict, findings);
        return new LoadedConfig(confinement, findings.Sorted(), sources);
    }
}
