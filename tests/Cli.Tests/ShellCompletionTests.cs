using System.Diagnostics;

namespace VpnConfinement.Cli.Tests;

/// <summary>The completion scripts in the real shells, on a terminal of their own where the shell wants one.</summary>
public sealed class ShellCompletionTests
{
    private const string Prompt = "READY>";

    /// <summary>What bash puts in place of the word: the function is called as bash calls it.</summary>
    [Theory]
    [InlineData("vpn-confinement ro", "rollback")]
    [InlineData("vpn-confinement explain VPC12", "VPC120 VPC121 VPC122 VPC123 VPC124 VPC125 VPC126 VPC127 VPC128")]
    [InlineData("vpn-confinement options --format=ma", "man markdown")]
    [InlineData("vpn-confinement options --format j", "json-schema")]
    [InlineData("vpn-confinement check --config /etc/hostn", "/etc/hostname")]
    [InlineData("vpn-confinement nothing ", "")]
    public void Bash_completes(string line, string words)
    {
        var completed = Shell("bash", "--norc", "--noprofile", "-c", $$"""
            source <(vpn-confinement completion bash)
            complete -p vpn-confinement >&2
            compopt() { :; }
            COMP_LINE='{{line}}' COMP_POINT={{line.Length}} COMPREPLY=()
            _vpn_confinement
            echo "${COMPREPLY[*]}"
            """);
        Assert.Contains("complete -F _vpn_confinement vpn-confinement", completed.Error, StringComparison.Ordinal);
        Assert.Equal(words, string.Join(' ', completed.Output.Trim().Split(' ').Order(StringComparer.Ordinal)));
    }

    /// <summary>Names of units have '@' and ':', at which bash parts words.</summary>
    [Fact]
    public void Bash_completes_behind_a_character_at_which_it_parts_words()
    {
        var completed = Shell("bash", "--norc", "--noprofile", "-c", """
            source <(vpn-confinement completion bash)
            vpn-confinement() { :; }
            command() { printf 'app@one.service\napp@two.service\n'; }
            COMP_LINE='vpn-confinement gate check media app@t' COMP_POINT=39 COMP_WORDBREAKS=$' \t\n"\'><=;|&(:@'
            _vpn_confinement
            echo "${COMPREPLY[*]}"
            COMP_WORDBREAKS=$' \t\n"\'><=;|&('
            _vpn_confinement
            echo "${COMPREPLY[*]}"
            """);
        Assert.Equal("one.service two.service\napp@one.service app@two.service\n", completed.Output);
    }

    [Fact]
    public void Bash_completes_at_a_tab() => Assert.Contains(
        "vpn-confinement rollback ",
        Typed(
            "bash --norc --noprofile -i", $"PS1='{Prompt} '; source <(vpn-confinement completion bash)",
            "vpn-confinement rollb\t"),
        StringComparison.Ordinal);

    [Fact]
    public void Zsh_completes_at_a_tab()
    {
        const string Setup =
            $"PS1='{Prompt} '; autoload -Uz compinit; compinit -u -D; source <(vpn-confinement completion zsh)";
        Assert.Contains(
            "vpn-confinement rollback ", Typed("zsh -f -i", Setup, "vpn-confinement rollb\t"),
            StringComparison.Ordinal);
        var codes = Typed("zsh -f -i", Setup, "vpn-confinement explain VPC12\t\t");
        Assert.All((string[])["VPC120", "VPC121", "VPC127"], c => Assert.Contains(c, codes, StringComparison.Ordinal));
        Assert.Contains("network daemon", codes, StringComparison.Ordinal);
        Assert.Contains(
            "vpn-confinement check --config=/etc/hostname",
            Typed("zsh -f -i", Setup, "vpn-confinement check --config=/etc/hostn\t"), StringComparison.Ordinal);
        Assert.Contains(
            "vpn-confinement options --format=json-schema",
            Typed("zsh -f -i", Setup, "vpn-confinement options --format=j\t"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("vpn-confinement ro", "rollback\tReturn to an earlier generation")]
    [InlineData("vpn-confinement explain VPC108", "VPC108\tThe unit is not installed yet, or masked")]
    [InlineData("vpn-confinement options --format j", "json-schema")]
    [InlineData("vpn-confinement check --config /etc/hostn", "/etc/hostname")]
    [InlineData("vpn-confinement build --out /etc/system", "/etc/systemd/\tDirectory")]
    public void Fish_completes(string line, string completed) => Assert.Contains(
        completed,
        Shell("fish", "--no-config", "-c", $"vpn-confinement completion fish | source; complete -C '{line}'")
            .Output.Split('\n'));

    /// <summary>A TAB is a person who waits.</summary>
    [Fact]
    public void An_answer_takes_no_time_that_is_felt()
    {
        var fastest = TimeSpan.MaxValue;
        for (var i = 0; i < 5; i++)
        {
            var since = Stopwatch.GetTimestamp();
            Cli.Run("complete", "--", "rollback", "--to", "");
            var took = Stopwatch.GetElapsedTime(since);
            fastest = took < fastest ? took : fastest;
        }

        Assert.True(fastest < TimeSpan.FromMilliseconds(200), $"{fastest}");
    }

    private static (string Output, string Error) Shell(string shell, params string[] arguments)
    {
        using var home = new TemporaryFolder();
        using var process = Process.Start(Start(home, shell, arguments))!;
        process.StandardInput.Close();
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        Assert.True(process.WaitForExit(TimeSpan.FromSeconds(60)), "the shell did not end");
        return (output, error.GetAwaiter().GetResult());
    }

    // Types on a terminal (script(1) makes it), and returns what is on it then.
    private static string Typed(string shell, string setup, string keys)
    {
        using var home = new TemporaryFolder();
        using var process = Process.Start(Start(home, "script", ["-qfec", shell, "/dev/null"]))!;
        var screen = new System.Text.StringBuilder();
        var reading = Task.Run(() =>
        {
            var buffer = new char[4096];
            for (int read; (read = process.StandardOutput.Read(buffer)) > 0;)
            {
                lock (screen)
                {
                    screen.Append(buffer, 0, read);
                }
            }
        });
        process.StandardInput.Write(setup + "\n");
        process.StandardInput.Flush();
        Assert.True(
            Wait(
                s =>
                    s.Contains($"\n{Prompt}", StringComparison.Ordinal)
                    || s.Contains($"\r{Prompt}", StringComparison.Ordinal)),
            Screen());
        var before = Screen().Length;
        process.StandardInput.Write(keys);
        process.StandardInput.Flush();

        // Nothing marks the end of a completion: it is over once the screen rests.
        var last = "";
        Wait(s =>
        {
            var rests = s.Length > before + keys.TrimEnd('\t').Length && s == last;
            last = s;
            return rests;
        });
        process.StandardInput.Write("\u0003\u0004exit\n");
        process.StandardInput.Close();
        if (!process.WaitForExit(TimeSpan.FromSeconds(10)))
        {
            process.Kill(entireProcessTree: true);
        }

        reading.Wait(TimeSpan.FromSeconds(10));

        // The bell rings where there is more than one.
        return Screen()[before..].Replace("\a", "", StringComparison.Ordinal);

        string Screen()
        {
            lock (screen)
            {
                return screen.ToString();
            }
        }

        bool Wait(Func<string, bool> until)
        {
            for (var i = 0; i < 60; i++)
            {
                if (until(Screen()))
                {
                    return true;
                }

                Thread.Sleep(500);
            }

            return false;
        }
    }

    private static ProcessStartInfo Start(TemporaryFolder home, string program, string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true
        };
        start.Environment["PATH"] = $"{Path.GetDirectoryName(Cli.Binary)}:/usr/bin:/bin";
        start.Environment["HOME"] = home.Root;
        start.Environment["TERM"] = "dumb";
        start.Environment["LC_ALL"] = "C.UTF-8";
        return start;
    }
}
