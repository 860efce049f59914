using VpnConfinement.Cli.Commands;

var parsed = CommandTree.Create().Parse(args);
return parsed.Errors.Count > 0 && parsed.Action?.ClearsParseErrors != true
    ? UsageErrors.Print(parsed)
    : parsed.Invoke();
