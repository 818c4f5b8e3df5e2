global using Lfa.Encoders.Images;
global using Shouldly;
global using Xunit;
global using static System.FormattableString;
