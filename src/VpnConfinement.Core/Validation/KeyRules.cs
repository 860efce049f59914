using VpnConfinement.Config;
using VpnConfinement.Diagnostics;
using VpnConfinement.Model;
using VpnConfinement.Plan;

namespace VpnConfinement.Validation;

/// <summary>VPC048, VPC050, VPC075, VPC076, VPC102, VPC103, VPC109 and VPC111: where keys are. No finding ever holds a key's text.</summary>
internal static class KeyRules
{
    private const string KeyRule = "A key is 32 bytes in base64: 44 characters that end in '='; 'wg genkey' makes one.";

    internal static KeySource? PrivateKey(WrittenInterface written, HostFacts facts, DiagnosticBag findings)
    {
        var file = written.Config.PrivateKeyFile;
        var inline = written.Config.PrivateKey;
        var generate = written.Config.GeneratePrivateKeyFile;
        if (generate is { Value: true } && file is null && inline is not null)
        {
            findings.Error(
                "VPC048", written.TablePath + ".generatePrivateKeyFile", generate.Span,
                "generatePrivateKeyFile makes the file that privateKeyFile names, and none is named.",
                "Name a file with privateKeyFile, or take generatePrivateKeyFile out.");
        }

        if (file is null && inline is null)
        {
            CheckNone(written, findings);
            return null;
        }

        // Beside a wg-quick file it is the table that names one.
        var option = written.TablePath + ".privateKeyFile";
        if (file is not null && inline is not null)
        {
            findings.Error(
                "VPC048", option, file.Span,
                written.FromFile
                    ? $"The interface {written.Name} has privateKeyFile and the PrivateKey line of {inline.Span.File}."
                    : $"The interface {written.Name} has both privateKeyFile and privateKey.",
                written.FromFile ? "Delete one of the two." : "Write exactly one of the two, best privateKeyFile.");
            return null;
        }

        if (file is not null)
        {
            return UserFile(file, written.Namespace, option, generate?.Value == true, facts, findings);
        }

        if (Exposed(written, inline!.Span.File, "privateKeyFile") is (var place, var remedy))
        {
            ProfileRules.Weak(
                written.Namespace, "VPC102", "VPC075", written.Option("privateKey"), inline.Span,
                $"The private key stands in {place}.", remedy, findings);
        }

        return Copied(inline!, written.Option("privateKey"), $"{StateLayout.SecretFolder}/{written.Name}.key", findings);
    }

    internal static KeySource? PresharedKey(WrittenInterface written, PeerConfig peer, int index, string publicKey, HostFacts facts, DiagnosticBag findings)
    {
        if (peer.PresharedKey is not null && peer.PresharedKeyFile is { } both)
        {
            findings.Error("VPC048", written.PeerOption(index, "presharedKeyFile"), both.Span, "The peer has both presharedKeyFile and presharedKey.", "Write one of the two, best presharedKeyFile.");
            return null;
        }

        if (peer.PresharedKeyFile is { } file)
        {
            return UserFile(file, written.Namespace, written.PeerOption(index, "presharedKeyFile"), generated: false, facts, findings);
        }

        if (peer.PresharedKey is not { } inline)
        {
            return null;
        }

        if (Exposed(written, inline.Span.File, "presharedKeyFile") is (var place, var remedy))
        {
            ProfileRules.Weak(
                written.Namespace, "VPC103", "VPC076", written.PeerOption(index, "presharedKey"), inline.Span,
                $"The preshared key stands in {place}.", remedy, findings);
        }

        var peerId = ContentHash.Of(publicKey)[..12];
        return Copied(inline, written.PeerOption(index, "presharedKey"), $"{StateLayout.SecretFolder}/{written.Name}.{peerId}.psk", findings);
    }

    // Where a key stands too openly, and the better place; null where it does not.
    private static (string Place, string Remedy)? Exposed(WrittenInterface written, string file, string option) =>
        NixStore.Holds(file)
            ? ($"{file}, which everybody on the host can read",
                $"Put it into a file outside the store and name that with {option}, as text.")
            : written.FromFile
                ? null
                : ("the configuration", $"Put it into a file of mode 0600 and name that with {option}.");

    private static void CheckNone(WrittenInterface written, DiagnosticBag findings)
    {
        var option = written.Option("privateKeyFile");
        if (written.HookKeyFile is { } hook)
        {
            findings.Error(
                "VPC048", option, hook.Span,
                $"This command would take the private key from {hook.Value}; it is never run here.",
                $"Write privateKeyFile = \"{hook.Value}\" under [{written.TableInToml}].");
            return;
        }

        findings.Error(
            "VPC048", option, written.Config.Name.Span, $"The interface {written.Name} has no private key.",
            written.FromFile
                ? "Add the PrivateKey line that your provider gave you, or write "
                    + $"privateKeyFile = \"/etc/wireguard/NAME.key\" under [{written.TableInToml}]."
                : "Write privateKeyFile = \"/etc/wireguard/NAME.key\"; "
                    + "with generatePrivateKeyFile = true a missing file is made.");
    }

    private static KeySource.Copied? Copied(Located<SecretText> key, string option, string target, DiagnosticBag findings)
    {
        if (KeyText.Decode(key.Value.Reveal()) is { } bytes)
        {
            return new KeySource.Copied(target, new Secret(bytes));
        }

        findings.Error("VPC050", option, key.Span with { Length = 1 }, "This is not a WireGuard key.", KeyRule);
        return null;
    }

    private static KeySource.UserFile? UserFile(Located<string> file, NamespaceConfig ns, string option, bool generated, HostFacts facts, DiagnosticBag findings)
    {
        if (!AbsolutePath.Check(file, option, findings))
        {
            return null;
        }

        switch (facts.File(file.Value))
        {
            case FileFact.Missing { LinkTo: null } when generated:
                break;
            case FileFact.Missing missing:
                findings.Warning(
                    "VPC111", option, file.Span, $"{missing.Sentence(file.Value)}.",
                    "Make it before 'apply' ('wg genkey' makes a key), with mode 0600.");
                break;
            case FileFact.Unreadable unreadable:
                findings.Error("VPC050", option, file.Span, $"{file.Value} cannot be a key file: {unreadable.Reason}.", "Name a file that holds one key.");
                break;
            case FileFact.Present { OthersCanRead: true }:
                ProfileRules.Weak(ns, "VPC109", "VPC109", option, file.Span, $"{file.Value} holds a key and others can read it.", $"Run 'chmod 600 {file.Value}'.", findings);
                break;
            case FileFact.Present:
                break;
            default:
                throw new InvalidOperationException("a file fact of an unknown kind");
        }

        return new KeySource.UserFile(file.Value);
    }
}
