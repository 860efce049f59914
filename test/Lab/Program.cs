using VpnConfinement.Lab.Machines;
var clock = System.Diagnostics.Stopwatch.StartNew();
using var image = new MachineImage($"vpnc-{Environment.ProcessId}");
using var machine = Machine.Boot(image);
Console.WriteLine($"up after {clock.ElapsedMilliseconds} ms");
Console.WriteLine(machine.Run("systemctl", "list-units", "--no-pager", "--plain").Output);
Console.WriteLine(machine.Run("ip", "-br", "a").Output);
return 0;
