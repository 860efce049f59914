using System.Globalization;
using VpnConfinement.Fuzz;

if (args.Length is < 2 or > 4 || !int.TryParse(args[1], NumberStyles.None, CultureInfo.InvariantCulture, out var seconds))
{
    Console.Error.WriteLine("usage: fuzz/run SECONDS [SEED [toml|json|wg-quick]]");
    return 2;
}

var seed = args.Length > 2 ? int.Parse(args[2], CultureInfo.InvariantCulture) : Random.Shared.Next();
foreach (var target in Target.All.Where(t => args.Length < 4 || t.Name == args[3]))
{
    var fuzzer = new Fuzzer(target, Path.Combine(args[0], target.Name), seed);
    var broken = fuzzer.Run(TimeSpan.FromSeconds(seconds));
    Console.WriteLine($"{target.Name}, seed {seed}: {fuzzer.Tried} texts, {fuzzer.Accepted} accepted, {fuzzer.Kinds} kinds of outcome");
    if (broken is { } found)
    {
        var file = Path.Combine(args[0], "..", $"broken-{target.Name}");
        File.WriteAllText(file, found.Text);
        Console.Error.WriteLine($"{file}: {found.What}");
        return 1;
    }
}

return 0;
