global using Lfa.Testing;
global using Shouldly;
global using Xunit;
global using static System.FormattableString;
