System.Console.WriteLine("vpn-confinement"); return 0;
