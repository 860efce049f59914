using System.Text;

namespace VpnConfinement.Config.Reference;

/// <summary>The options as a NixOS module that declares them and does nothing: <c>nix/options.nix</c>.</summary>
/// <remarks>
/// Nothing is enabled by being there (<c>enable</c> is false), and a port is 0 to 65535: Nix knows no narrower type.
/// The interfaces of WireGuard are left out: NixOS declares them itself.
/// </remarks>
public static class NixReference
{
    private const string Head =
        """
        # Printed by 'vpn-confinement options --format nix' from the declarations in src/VpnConfinement.Core/Config.
        { lib, ... }:
        let
          inherit (lib) mkOption types;
        in
        {
          options.services.vpnConfinement = {

        """;

    private const string Link = "import ./host-link.nix { inherit lib name config; }";

    private const string Derived =
        """
                  derived.hostLink = {
                    subnetIPv4 = mkOption {
                      type = types.nullOr types.str;
                      readOnly = true;
                      default = link.derived.subnetIPv4;
                      description = "Subnet of the host link; null where there is none.";
                    };
                    hostAddressIPv4 = mkOption {
                      type = types.nullOr types.str;
                      readOnly = true;
                      default = link.derived.hostAddressIPv4;
                      description = "Address of the host on it.";
                    };
                    nsAddressIPv4 = mkOption {
                      type = types.nullOr types.str;
                      readOnly = true;
                      default = link.derived.nsAddressIPv4;
                      description = "Address of the namespace on it.";
                    };
                  };

        """;

    /// <summary>Prints it.</summary>
    public static string Print()
    {
        var text = new StringBuilder(Head);
        foreach (var option in OptionTables.Top.Options)
        {
            switch (option.Type)
            {
                case OptionType.NamedTables { Options: var table } when option.Name == "namespaces":
                    Namespaces(text, option, table);
                    break;
                case OptionType.Table or OptionType.NamedTables:
                    break;
                default:
                    NixOptionText.Print(text, option, "", 4);
                    break;
            }
        }

        text.Append("  };\n");
        Units(text, "services");
        Units(text, "sockets");
        return text.Append("}\n").ToString();
    }

    private static void Namespaces(StringBuilder text, OptionDeclaration option, OptionTable table)
    {
        text.Append("    namespaces = mkOption {\n      type = types.attrsOf (\n        types.submodule (\n")
            .Append("          { name, config, ... }:\n          let\n            link = ").Append(Link).Append(";\n")
            .Append("          in\n          {\n            options = {\n");
        NixOptionText.PrintAll(text, table, "", 14);
        foreach (var line in Derived.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            text.Append("    ").Append(line).Append('\n');
        }

        text.Append("            };\n          }\n        )\n      );\n      default = { };\n");
        NixOptionText.Description(text, option, 6);
        text.Append("    };\n");
    }

    private static void Units(StringBuilder text, string kind)
    {
        var option = OptionTables.Top.Find(kind)!;
        var vpn = ((OptionType.NamedTables)option.Type).Options.Find("vpn")!;
        text.Append("\n  options.systemd.").Append(kind).Append(" = mkOption {\n    type = types.attrsOf (\n")
            .Append("      types.submodule {\n        options.vpn = {\n");
        NixOptionText.PrintAll(text, ((OptionType.Table)vpn.Type).Options, "vpn", 10);
        text.Append("        };\n      }\n    );\n  };\n");
    }
}
