using Lfa.Model;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Lfa.Extensions.DependencyInjection.Tests;

public class AddLfaTests
{
    [Fact]
    public void AddLfa_TwoModels_ResolvesEachByItsKey()
    {
        using var folder = new TemporaryFolder();
        using var provider = new ServiceCollection()
            .AddLfa("pets", ModelFiles.Save(folder["pets.safetensors"], classes: 3))
            .AddLfa("birds", ModelFiles.Save(folder["birds.safetensors"], classes: 4))
            .BuildServiceProvider(new ServiceProviderOptions { ValidateOnBuild = true, ValidateScopes = true });

        provider.GetRequiredKeyedService<LfaModel>("pets").ClassCount.ShouldBe(3);
        provider.GetRequiredKeyedService<LfaModel>("birds").ClassCount.ShouldBe(4);
        provider.GetKeyedService<LfaModel>("cars").ShouldBeNull();
    }

    [Fact]
    public void AddLfa_ResolvedTwice_IsOneModel()
    {
        using var folder = new TemporaryFolder();
        using var provider = new ServiceCollection().AddLfa("pets", ModelFiles.Save(folder["pets.safetensors"], classes: 3)).BuildServiceProvider();

        var model = provider.GetRequiredKeyedService<LfaModel>("pets");
        provider.GetRequiredKeyedService<LfaModel>("pets").ShouldBeSameAs(model);
        provider.GetRequiredService<LfaModels>().Get("pets").ShouldBeSameAs(model);
    }

    [Fact]
    public void AddLfa_SameNameTwice_TheLaterPathCounts()
    {
        using var folder = new TemporaryFolder();
        using var provider = new ServiceCollection()
            .AddLfa("pets", folder["none.safetensors"])
            .AddLfa("pets", ModelFiles.Save(folder["pets.safetensors"], classes: 3))
            .BuildServiceProvider();

        provider.GetKeyedServices<LfaModel>("pets").ShouldHaveSingleItem().ClassCount.ShouldBe(3);
    }

    [Fact]
    public void AddLfa_Configuration_BindsEachSection()
    {
        var configuration = ModelFiles.Configuration(("Lfa:pets:Path", "a.safetensors"), ("Lfa:pets:ReloadOnChange", "true"), ("Lfa:birds:Path", "b.safetensors"));
        using var provider = new ServiceCollection().AddLfa(configuration.GetSection("Lfa")).BuildServiceProvider();

        var options = provider.GetRequiredService<IOptionsMonitor<LfaModelOptions>>();
        (options.Get("pets").Path, options.Get("pets").ReloadOnChange).ShouldBe(("a.safetensors", true));
        (options.Get("birds").Path, options.Get("birds").ReloadOnChange).ShouldBe(("b.safetensors", false));
    }

    [Fact]
    public void AddLfa_ModelOfConfiguration_ResolvesByItsKey()
    {
        using var folder = new TemporaryFolder();
        var path = ModelFiles.Save(folder["pets.safetensors"], classes: 3);
        using var provider = new ServiceCollection().AddLfa(ModelFiles.Configuration(("pets:Path", path))).BuildServiceProvider();

        provider.GetRequiredKeyedService<LfaModel>("pets").ClassCount.ShouldBe(3);
    }

    [Fact]
    public void AddLfa_NoNameOrPath_IsRefused()
    {
        var services = new ServiceCollection();
        Should.Throw<ArgumentException>(() => services.AddLfa("", "a.safetensors")).ParamName.ShouldBe("name");
        Should.Throw<ArgumentException>(() => services.AddLfa("pets", "")).ParamName.ShouldBe("path");
        Should.Throw<ArgumentNullException>(() => services.AddLfa(null!)).ParamName.ShouldBe("models");
    }
}
