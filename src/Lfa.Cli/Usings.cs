global using System.CommandLine;
global using static System.FormattableString;
