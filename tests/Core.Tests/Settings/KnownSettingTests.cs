using VpnConfinement.Compile.Systemd;
using VpnConfinement.Diagnostics;
using VpnConfinement.Settings;

namespace VpnConfinement.Core.Tests.Settings;

/// <summary>The closed list of settings (S-35): it is whole, and each weighed one is really looked at.</summary>
[Trait("guarantees", "S-35")]
public sealed class KnownSettingTests
{
    private static readonly string[] Sections = ["Unit", "Service", "Socket", "Install"];

    private static readonly string[] Repeated =
        ["DelegateNamespaces", "ExecStartPost", "ExecStartPre", "ExecStopPost", "NetworkNamespacePath",
            "PrivateNetwork"];

    /// <summary>Every weighed setting; what both sections share is looked at in services.</summary>
    public static TheoryData<string> Weighed =>
    [
        .. from section in Sections
           from setting in KnownSettings.Of(section).Values
           where setting.Verdict == SettingVerdict.Weighed
               && (section != "Socket" || setting.Codes.Contains("VPC127") || Repeated.Contains(setting.Name)
                   || !KnownSettings.Of("Service").ContainsKey(setting.Name))
           orderby section, setting.Name
           select $"{section}.{setting.Name}",
    ];

    [Theory]
    [MemberData(nameof(Weighed))]
    public void A_value_that_opens_something_is_named(string setting)
    {
        var (section, name) = (setting.Split('.')[0], setting.Split('.')[1]);
        var line = $"{name}={SettingCases.Opening[setting]}";
        var findings = section == "Socket" ? SettingCases.Findings("", line)
            : SettingCases.Findings(section == "Unit" ? $"[Unit]\n{line}" : line);
        Assert.Contains(findings, f => KnownSettings.Of(section)[name].Codes.Contains(f.Code));
        Assert.DoesNotContain(findings, f => f.Code == "VPC119");
    }

    /// <summary>Every setting whose value the drop-in replaces.</summary>
    public static TheoryData<string> Overruled =>
        [.. KnownSettings.Of("Service").Values.Where(s => s.Verdict == SettingVerdict.Overruled).Select(s => s.Name)];

    [Theory]
    [MemberData(nameof(Overruled))]
    public void An_overruled_value_is_cleared_and_set_anew(string name) =>
        Assert.Matches($"\n{name}=\n{name}=native\n", SettingCases.DropIn($"{name}=x86"));

    [Fact]
    public void Without_such_a_line_nothing_is_found() => Assert.Empty(SettingCases.Findings(""));

    [Fact]
    public void Each_name_stands_once_and_another_name_leads_to_one_that_is_there()
    {
        foreach (var section in Sections)
        {
            var settings = KnownSettings.Of(section);
            Assert.All(settings, s => Assert.Equal(s.Key, s.Value.Name));
            Assert.All(settings.Values, s => Assert.Equal(s.Verdict == SettingVerdict.Weighed, s.Codes.Count > 0));
            Assert.All(settings.Values, s => Assert.InRange(s.Since ?? 250, 250, KnownSettings.Newest));
            Assert.Empty(settings.Values.Select(s => s.AliasOf).OfType<string>()
                .Except(settings.Keys).Except(KnownSettings.Of("Unit").Keys));
        }

        Assert.Throws<ArgumentException>(() => SettingTable.Parse("harmless:\n  A B\n  A").ToDictionary(s => s.Name));
    }

    [Fact]
    public void What_this_program_writes_is_in_the_tables() =>
        Assert.Empty(
            from section in Sections.Intersect(UnitKeys.Known.Keys)
            from key in UnitKeys.Known[section].Except(KnownSettings.Of(section).Keys)
            select key);

    [Theory]
    [InlineData("ExecReloadPost", 258, false)]
    [InlineData("ExecReloadPost", 259, true)]
    [InlineData("CPUShares", 257, true)]
    [InlineData("CPUShares", 258, false)]
    [InlineData("Capabilities", 252, false)]
    [InlineData("User", 249, true)]
    public void A_version_does_something_for_what_it_has(string name, int version, bool does) =>
        Assert.Equal(does, KnownSettings.Of("Service")[name].IsOf(version));

    [Theory]
    [InlineData("Foo=1", "sets Foo= in [Service], which no systemd up to 262 knows", "Take it out")]
    [InlineData("PrivateNetwrok=yes", "sets PrivateNetwrok=", "Did you mean PrivateNetwork=?")]
    [InlineData("[Unit]\nPrivateTmp=yes", "sets PrivateTmp= in [Unit]", "It is a setting of [Service]: move it there")]
    [InlineData("[Servce]\nUser=x", "has a section [Servce]", "Did you mean [Service]?")]
    [InlineData("[Timer]\nOnBootSec=1", "has a section [Timer]", "Take it out")]
    public void What_is_not_in_them_is_a_warning_and_an_error_in_highAssurance(string lines, string said, string remedy)
    {
        foreach (var assured in (bool[])[true, false])
        {
            var finding = Assert.Single(SettingCases.Findings(lines, assured: assured), f => f.Code == "VPC119");
            Assert.Equal(assured ? Severity.Error : Severity.Warning, finding.Severity);
            Assert.Contains(said, finding.Message, StringComparison.Ordinal);
            Assert.Contains(remedy, finding.Remedy, StringComparison.Ordinal);
        }

        var socket = Assert.Single(SettingCases.Findings("", lines), f => f.Code == "VPC119");
        Assert.StartsWith("app.socket ", socket.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("X-Foo=1\n[X-Bar]\nBaz=1")]
    [InlineData("; Foo=1\n# Foo=1\nFoo")]
    [InlineData("MemoryLimit=1G\nBlockIOWeight=10\nReadOnlyDirectories=/srv\nStartLimitInterval=1\nCapabilities=")]
    [InlineData("[Unit]\nBindTo=x.service\nPropagateReloadTo=x.service\n[Install]\nAlias=b.service")]
    public void What_is_for_other_programs_and_old_names_are_not(string lines) =>
        Assert.DoesNotContain(SettingCases.Findings(lines), f => f.Code == "VPC119");

    [Theory]
    [InlineData("yes", true)]
    [InlineData("net", true)]
    [InlineData("mnt net", true)]
    [InlineData("~mnt", true)]
    [InlineData("mnt\nDelegateNamespaces=net", true)]
    [InlineData("no\nDelegateNamespaces=net", true)]
    [InlineData("yes\nDelegateNamespaces=~net bogus", true)]
    [InlineData("no", false)]
    [InlineData("mnt", false)]
    [InlineData("~net", false)]
    [InlineData("yes\nDelegateNamespaces=~net", false)]
    [InlineData("net\nDelegateNamespaces=", false)]
    [InlineData("yes\nDelegateNamespaces=no", false)]
    public void A_network_of_the_units_own_is_refused(string value, bool refused) =>
        Assert.Equal(
            refused,
            SettingCases.Findings($"DelegateNamespaces={value}", assured: false)
                .Any(f => f.Code == "VPC084" && f.Severity == Severity.Error));

    [Theory]
    [InlineData("ExecStartPre=|/usr/bin/app", "VPC099")]
    [InlineData("ExecReload=-:|app | other", "VPC099")]
    [InlineData("ExecStop=| app", "VPC099")]
    [InlineData("ExecStartPre=|systemctl start x", "VPC088")]
    [InlineData("ExecStartPre=@|app; docker run x", "VPC088")]
    [InlineData("ExecStopPost=|", "VPC099")]
    [InlineData("ExecReloadPost=+/bin/true", "VPC086")]
    [InlineData("ExecReloadPost=!/bin/true", "VPC078")]
    public void Prefixes_count_in_every_command(string line, string code) =>
        Assert.Contains(SettingCases.Findings(line), f => f.Code == code);

    [Fact]
    public void A_newer_setting_is_named_with_the_version_that_brought_it() =>
        Assert.Contains(
            SettingCases.Findings("ExecReloadPost=+/bin/true"),
            f => f.Message.Contains("ExecReloadPost=+ (systemd 259 and later)", StringComparison.Ordinal));
}
