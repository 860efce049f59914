using VpnConfinement.Compile;
using VpnConfinement.Compile.Systemd;
using VpnConfinement.Config;
using VpnConfinement.Diagnostics;
using VpnConfinement.Text;
using VpnConfinement.Validation;

namespace VpnConfinement.Core.Tests.Validation;

/// <summary>When a service gets a user namespace, and when its user's other processes are named instead.</summary>
[Trait("guarantees", "S-37")]
public sealed class SharedUserTests
{
    private const string Unit = "app.service";
    private const string Balanced = "";
    private const string Strict = "hardeningProfile = \"strict\"\n";
    private const string Passwd = """
        root:x:0:0:root:/root:/bin/bash
        toor:x:0:0::/root:/bin/bash
        alice:x:1000:1000::/home/alice:/bin/bash
        media:x:110:110::/var/lib/media:/usr/sbin/nologin
        library:x:110:110::/var/lib/media:/bin/false
        huge:x:70001:70001::/:/usr/sbin/nologin

        """;

    private static readonly SystemdFact Old = Systemd(256);
    private static readonly SystemdFact New = Systemd(257);

    [Theory]
    [InlineData("User=media", "other.service", "User=media")]
    [InlineData("User=media", "other.service", "User=110")]
    [InlineData("User=110", "other.service", "User=library")]
    [InlineData("User=unknown", "other.service", "User=unknown")]
    [InlineData("User=7", "other.service", "User=7")]
    [InlineData("User=media", "other@.service", "User=media")]
    [InlineData("User=media", "other@media.service", "User=%i")]
    [InlineData("User=media\nDynamicUser=yes", "other.service", "User=media\nDynamicUser=yes")]
    [InlineData("User=alice", "other.service", "User=root")]
    public void A_user_that_others_have_gives_a_user_namespace_and_is_named_where_the_unit_forbids_one(
        string user, string other, string others)
    {
        Assert.Equal("yes", Check(user, (other, others), Old).PrivateUsers);
        Assert.Equal("yes", Check(user, (other, others), systemd: null).PrivateUsers);
        Assert.DoesNotContain("VPC113", Check(user, (other, others), Old).Codes);
        foreach (var own in Forbidding)
        {
            var kept = Check($"{user}\n{own}", (other, others), Old);
            Assert.Null(kept.PrivateUsers);
            Assert.Contains("outside the namespace", kept.Named, StringComparison.Ordinal);
            Assert.Contains("VPC086", Check($"{user}\n{own}", (other, others), Old, Assured).Codes);
        }
    }

    [Theory]
    [InlineData("User=media", "other.service", "User=root")]
    [InlineData("User=media", "other.service", "User=huge")]
    [InlineData("User=root", "other.service", "User=root")]
    [InlineData("User=toor", "other.service", "User=root")]
    [InlineData("DynamicUser=yes", "other.service", "DynamicUser=yes")]
    public void A_user_of_its_own_is_named_by_nobody(string user, string other, string others)
    {
        var seen = Check($"{user}\nPrivateUsers=no", (other, others), Old);
        Assert.DoesNotContain("outside the namespace", seen.Named, StringComparison.Ordinal);
        Assert.Null(Check(user, (other, others), Old).PrivateUsers);
    }

    // Before systemd 257 a user namespace hides the owners of others' files: where nothing is known to be open,
    // baseline does without.
    [Theory]
    [InlineData("User=media", 256, Balanced, null)]
    [InlineData("User=media", 256, Strict, "yes")]
    [InlineData("User=media", 257, Balanced, "identity")]
    [InlineData("User=media", 257, Strict, "identity")]
    [InlineData("User=huge", 257, Balanced, null)]
    [InlineData("User=huge", 257, Strict, "yes")]
    [InlineData("User=unknown", 257, Balanced, null)]
    [InlineData("User=unknown", 257, Strict, "yes")]
    [InlineData("User=unknown\nDynamicUser=yes", 257, Balanced, "identity")]
    [InlineData("User=media\nCapabilityBoundingSet=CAP_CHOWN", 257, Balanced, "identity")]
    [InlineData("User=media\nAmbientCapabilities=", 257, Balanced, "identity")]
    [InlineData("User=media\nPrivateUsers=\nPrivateUsers=no\nPrivateUsers=", 257, Balanced, "identity")]
    [InlineData("User=media\nAmbientCapabilities=CAP_NET_BIND_SERVICE", 257, Strict, null)]
    [InlineData("User=media\nNoNewPrivileges=no", 257, Strict, null)]
    [InlineData("User=media\nExecStartPre=!/bin/true", 257, Strict, null)]
    [InlineData("User=media\nPrivateUsers=yes", 257, Strict, null)]
    [InlineData("User=media\nUserNamespacePath=/run/userns/x", 258, Strict, null)]
    [InlineData("User=media\nInaccessiblePaths=-/proc/", 257, Strict, null)]
    [InlineData("User=media\nTemporaryFileSystem=/proc:ro", 257, Strict, null)]
    [InlineData("User=media\nInaccessiblePaths=/proc/sys", 257, Balanced, "identity")]
    [InlineData("User=toor", 257, Strict, null)]
    [InlineData("", 257, Strict, null)]
    [InlineData("DynamicUser=yes", 257, Strict, null)]
    public void Which_mapping_a_service_gets(string settings, int version, string options, string? mapping) =>
        Assert.Equal(mapping, Check(settings, null, Systemd(version), options: options).PrivateUsers);

    [Theory]
    [InlineData("PrivateUsers=yes", 249, false)]
    [InlineData("PrivateUsers=identity", 256, true)]
    [InlineData("PrivateUsers=identity", 257, false)]
    [InlineData("PrivateUsers=full", 257, true)]
    [InlineData("PrivateUsers=full", 258, false)]
    [InlineData("PrivateUsers=no\nPrivatePIDs=yes", 256, true)]
    [InlineData("PrivateUsers=no\nPrivatePIDs=yes", 257, false)]
    public void What_a_unit_closes_itself_is_not_named(string settings, int version, bool named)
    {
        var seen = Check("User=media\n" + settings, ("other.service", "User=media"), Systemd(version));
        Assert.Equal(named, seen.Named.Contains("outside", StringComparison.Ordinal));
    }

    [Fact]
    public void A_lingering_manager_and_logins_are_named()
    {
        var seen = Check("User=1000\nPrivateUsers=no", null, New, lingering: ["alice"]);
        var others = "as user@1000.service (lingering), the logins of alice outside";
        Assert.Contains(others, seen.Named, StringComparison.Ordinal);
        Assert.Contains("It sets PrivateUsers=no.", seen.Named, StringComparison.Ordinal);
        Assert.Equal("yes", Check("User=alice", null, Old).PrivateUsers);
        seen = Check("User=library\nPrivateUsers=no", null, New, lingering: ["media"]);
        Assert.Contains("user@110.service", seen.Named, StringComparison.Ordinal);
    }

    [Fact]
    public void A_capability_of_the_configuration_is_one_of_the_unit()
    {
        var given = "capabilities = [\"CAP_NET_BIND_SERVICE\"]\n";
        var seen = Check("User=media", ("other.service", "User=media"), New, options: given);
        Assert.Null(seen.PrivateUsers);
        Assert.Contains("It has capabilities", seen.Named, StringComparison.Ordinal);
    }

    [Fact]
    public void A_host_without_user_namespaces_gets_none_and_is_told()
    {
        var seen = Check("User=media", ("other.service", "User=media"), New, userNamespaces: false);
        Assert.Null(seen.PrivateUsers);
        Assert.Contains("without user namespaces", seen.Named, StringComparison.Ordinal);
    }

    [Fact]
    public void A_service_confined_to_the_same_namespace_is_not_outside_and_one_of_another_is()
    {
        var other = ("other.service", "User=media");
        var together = Check("User=media\nPrivateUsers=no", other, New, otherIn: "m");
        Assert.DoesNotContain("outside", together.Named, StringComparison.Ordinal);
        var apart = Check("User=media\nPrivateUsers=no", other, New, otherIn: "n");
        Assert.Contains("as other.service outside", apart.Named, StringComparison.Ordinal);
    }

    [Fact]
    public void Another_name_of_root_is_root() => Assert.Contains("VPC100", Check("User=toor", null, New).Codes);

    private static readonly string[] Forbidding =
    [
        "PrivateUsers=no", "AmbientCapabilities=CAP_NET_BIND_SERVICE", "NoNewPrivileges=no", "ExecStartPre=!/bin/true",
        "PrivateUsers=nonsense",
    ];

    private const string Assured = """
        securityProfile = "highAssurance"
        egress.allowedCidrs = ["192.0.2.0/24"]

        """;

    private static SystemdFact Systemd(int version) => new(version, HasBpfFramework: true);

    private static (IReadOnlyList<string> Codes, string Named, string? PrivateUsers) Check(
        string settings, (string Unit, string Settings)? other, SystemdFact? systemd, string profile = Balanced,
        string options = "", IReadOnlyList<string>? lingering = null, bool? userNamespaces = true,
        string? otherIn = null)
    {
        var text = Checked.Namespace("m", "wg0", profile) + Checked.Namespace("n", "wg1", profile);
        text += $"\n[services.app.vpn]\nnamespace = \"m\"\n{options}";
        text += otherIn is null ? "" : $"\n[services.other.vpn]\nnamespace = \"{otherIn}\"\n";
        var units = new Dictionary<string, string>(StringComparer.Ordinal) { [Unit] = settings };
        if (other is { } o)
        {
            units[o.Unit] = o.Settings;
        }

        var findings = new DiagnosticBag();
        var config = ConfigReader.Read([(new SourceText("config.toml", text), false)], findings)!;
        var facts = new HostFacts
        {
            Files = Validator.Requests(config).KeyFiles
                .ToDictionary(f => f, _ => (FileFact)new FileFact.Present(OthersCanRead: false, null)),
            Units = units.ToDictionary(u => u.Key, u => (UnitFact)Installed(u.Key, u.Value)),
            Users = HostUsers.Parse(Passwd, lingering ?? []),
            HasUserNamespaces = userNamespaces,
            Systemd = systemd,
        };
        var confinement = Validator.Validate(config, facts, strict: false, findings);
        var found = findings.Sorted().Where(f => f.Code is not "VPC112").ToList();
        var named = string.Join('\n', found.Where(f => f.Code is "VPC113" or "VPC086").Select(f => f.Message));
        var written = confinement is null ? null : PrivateUsers(Compiler.Compile(confinement));
        return ([.. found.Select(f => f.Code)], named, written);
    }

    private static UnitFact.Present Installed(string name, string settings) =>
        new(name, [new SourceText("/" + name, $"[Service]\nExecStart=/usr/bin/app\n{settings}\n")]);

    private static string? PrivateUsers(CompiledTree tree)
    {
        const string Key = "PrivateUsers=";
        var dropIn = tree.Files.Single(f => f.Path == ServiceDropIn.PathOf(Unit)).Content;
        return dropIn.Split('\n').SingleOrDefault(l => l.StartsWith(Key, StringComparison.Ordinal))?[Key.Length..];
    }
}
