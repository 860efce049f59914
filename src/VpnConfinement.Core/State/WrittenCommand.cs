namespace VpnConfinement.State;

/// <summary>A command line of a unit with its arguments as the unit has them, so that it can be repeated.</summary>
/// <param name="Prefixes">The special characters before the program.</param>
/// <param name="Program">The program, quotes undone, specifiers unexpanded.</param>
/// <param name="Arguments">What follows; with <c>@</c> the first is the name that the program is given.</param>
internal sealed record WrittenCommand(CommandPrefixes Prefixes, string Program, IReadOnlyList<UnitWord> Arguments);
