global using Shouldly;
global using Lfa.Encoders.Images;
global using Xunit;
