global using Lfa.Encoders.Images;
global using Shouldly;
global using Xunit;
