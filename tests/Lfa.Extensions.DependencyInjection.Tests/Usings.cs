global using Lfa.Testing;
global using Shouldly;
global using Xunit;
