// The start gate from inside, a program of its own because it is linked statically (docs/adr/0012).
return VpnConfinement.Linux.Gate.GateProgram.Run();
