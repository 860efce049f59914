using VpnConfinement.Config;
using VpnConfinement.Config.WgQuick;
using VpnConfinement.Diagnostics;

namespace VpnConfinement.Validation;

/// <summary>VPC040, VPC052, VPC109: the wg-quick file that a namespace names.</summary>
internal static class ProviderFile
{
    internal static WgQuickFile? Read(NamespaceConfig ns, HostFacts facts, DiagnosticBag findings)
    {
        if (ns.ConfigFile is not { } file)
        {
            return null;
        }

        var path = ns.Path + ".wireguard.configFile";
        if (!AbsolutePath.Check(file, path, findings))
        {
            return null;
        }

        switch (facts.File(file.Value))
        {
            case FileFact.Missing missing:
                findings.Error(
                    "VPC040", path, file.Span, $"{missing.Sentence(file.Value)}.",
                    "Download the WireGuard configuration from your provider and put it there; "
                    + "run this as root if it is there.");
                return null;
            case FileFact.Unreadable unreadable:
                findings.Error(
                    "VPC040", path, file.Span, $"{file.Value} cannot be read: {unreadable.Reason}.",
                    "Name a readable wg-quick file; run this as root if only root may read it.");
                return null;
            case FileFact.NotText other:
                findings.Error(
                    "VPC052", path, file.Span, $"{file.Value} is {other.Format.Name}, not a wg-quick file.",
                    other.Format.Remedy);
                return null;
            case FileFact.Present { Text: { } text } present:
                var read = WgQuickReader.Read(text, path, findings);

                // Of a key in the store another finding tells, by its line (KeyRules).
                if (present.OthersCanRead && MayHoldKey(read) && !NixStore.Holds(file.Value))
                {
                    ProfileRules.Weak(
                        ns, "VPC109", "VPC109", path, file.Span, $"{file.Value} holds a key and others can read it.",
                        $"Run 'chmod 600 {file.Value}'.", findings);
                }

                return read;
            case FileFact.Present:
                throw new InvalidOperationException($"{file.Value} was looked at and not read");
            default:
                throw new InvalidOperationException("a file fact of an unknown kind");
        }
    }

    // A file that could not be taken apart may hold one.
    private static bool MayHoldKey(WgQuickFile? read) =>
        read is null
        || read.Interface.PrivateKey is not null
        || read.Interface.Peers.Any(peer => peer.PresharedKey is not null);
}
