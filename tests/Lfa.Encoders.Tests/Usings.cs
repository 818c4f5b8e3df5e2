global using Shouldly;
global using Lfa.Encoders.Images;
global using Xunit;
global using static System.FormattableString;
