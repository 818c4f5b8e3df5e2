using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace Lfa.Tests.Support;

/// <summary>Writes down the public types and members of an assembly, one a line, much as C# declares them.</summary>
internal static class PublicApi
{
    private const BindingFlags Declared = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    private static readonly Dictionary<Type, string> Keywords = new()
    {
        [typeof(bool)] = "bool",
        [typeof(byte)] = "byte",
        [typeof(double)] = "double",
        [typeof(float)] = "float",
        [typeof(int)] = "int",
        [typeof(long)] = "long",
        [typeof(object)] = "object",
        [typeof(string)] = "string",
        [typeof(void)] = "void",
    };

    private const string Accept = "LFA_ACCEPT_API";

    /// <summary>Asserts that the public interface of an assembly is the one that a file of docs/ lists.</summary>
    public static void ShouldBeListed(Assembly assembly, string file)
    {
        Assert.SkipWhen(Repository.Root is null, "The tests run outside a working copy, which has the listing.");
        var path = Path.Combine(Repository.Root!, "docs", file);
        var actual = Describe(assembly);
        if (Environment.GetEnvironmentVariable(Accept) == "1")
            File.WriteAllText(path, string.Join('\n', actual) + "\n");
        var listed = File.Exists(path) ? File.ReadAllLines(path) : [];
        string[] differences = [.. listed.Except(actual).Select(line => "- " + line), .. actual.Except(listed).Select(line => "+ " + line)];
        if (differences.Length > 0)
            Assert.Fail($"The public API differs from docs/{file}:\n{string.Join('\n', differences)}\nRun this test with {Accept}=1 to rewrite the file if the change is meant.");
        listed.ShouldBe(actual); // No line twice, and in order.
    }

    public static string[] Describe(Assembly assembly) => [.. assembly.GetExportedTypes().SelectMany(Lines).Order(StringComparer.Ordinal)];

    private static IEnumerable<string> Lines(Type type)
    {
        var name = $"{type.Namespace}.{Name(type)}";
        yield return $"{name}: {Kind(type)}{Bases(type)}";
        foreach (var member in type.GetMembers(Declared))
        {
            if (Line(type, member) is { } line)
                yield return $"{name}: {line}";
        }
    }

    private static string Kind(Type type)
    {
        if (type.IsEnum)
            return "enum";
        if (type.IsInterface)
            return "interface";
        var record = type.GetMethod("PrintMembers", Declared) is null ? "" : "record ";
        if (type.IsValueType)
            return (type.IsDefined(typeof(IsReadOnlyAttribute)) ? "readonly " : "") + (type.IsByRefLike ? "ref " : "") + record + "struct";
        return (type.IsAbstract && type.IsSealed ? "static " : type.IsSealed ? "sealed " : type.IsAbstract ? "abstract " : "") + record + "class";
    }

    private static string Bases(Type type)
    {
        var bases = type.GetInterfaces().Where(other => other.IsPublic && !type.IsEnum && !other.Name.StartsWith("IEquatable", StringComparison.Ordinal));
        if (type.BaseType is { } parent && parent != typeof(object) && !type.IsValueType)
            bases = bases.Prepend(parent);
        var names = string.Join(", ", bases.Select(Name));
        return names.Length == 0 ? "" : " : " + names;
    }

    private static string? Line(Type type, MemberInfo member) => member switch
    {
        // What the compiler writes for records says nothing that "record" does not.
        MethodInfo method => !IsVisible(method) || method.IsSpecialName || method.IsDefined(typeof(CompilerGeneratedAttribute)) ? null
            : $"{Modifiers(type, method)}{Name(method.ReturnType)} {method.Name}{Generics(method)}({Parameters(method)})",
        ConstructorInfo constructor => IsVisible(constructor) ? $"new({Parameters(constructor)})" : null,
        PropertyInfo property => property.GetMethod is { } getter && IsVisible(getter) && property.Name != "EqualityContract" ? Property(type, property, getter) : null,
        FieldInfo { IsLiteral: true, IsPublic: true } field => type.IsEnum
            ? $"{field.Name} = {Convert.ToInt64(field.GetRawConstantValue(), CultureInfo.InvariantCulture)}"
            : $"const {Name(field.FieldType)} {field.Name} = {Value(field.GetRawConstantValue())}",
        FieldInfo field => field.IsSpecialName || !(field.IsPublic || field.IsFamily) ? null : $"{(field.IsStatic ? "static " : "")}{(field.IsInitOnly ? "readonly " : "")}{Name(field.FieldType)} {field.Name}",
        EventInfo happening => $"event {Name(happening.EventHandlerType!)} {happening.Name}",
        _ => null,
    };

    private static string Property(Type type, PropertyInfo property, MethodInfo getter)
    {
        var required = property.IsDefined(typeof(RequiredMemberAttribute)) ? "required " : "";
        var index = property.GetIndexParameters() is { Length: > 0 } parameters ? $"this[{string.Join(", ", parameters.Select(Parameter))}]" : property.Name;
        var setter = property.SetMethod is not { } set || !IsVisible(set) ? ""
            : set.ReturnParameter.GetRequiredCustomModifiers().Contains(typeof(IsExternalInit)) ? " init;" : " set;";
        return $"{Modifiers(type, getter)}{required}{Name(property.PropertyType)} {index} {{ get;{setter} }}";
    }

    private static bool IsVisible(MethodBase method) => method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly;

    private static string Modifiers(Type type, MethodBase method) => method.IsStatic ? "static "
        : type.IsInterface || !method.IsVirtual || method.IsFinal ? ""
        : method.IsAbstract ? "abstract "
        : method is MethodInfo info && info.GetBaseDefinition() != info ? "override " : "virtual ";

    private static string Generics(MethodInfo method) => method.IsGenericMethod ? $"<{string.Join(", ", method.GetGenericArguments().Select(Name))}>" : "";

    private static string Parameters(MethodBase method) => string.Join(", ", method.GetParameters().Select(Parameter));

    private static string Parameter(ParameterInfo parameter)
    {
        var direction = parameter.IsOut ? "out " : parameter.ParameterType.IsByRef ? parameter.IsIn ? "in " : "ref " : "";
        var value = !parameter.HasDefaultValue ? ""
            : parameter.DefaultValue is null && parameter.ParameterType.IsValueType && Nullable.GetUnderlyingType(parameter.ParameterType) is null ? " = default"
            : " = " + Value(parameter.DefaultValue);
        return $"{direction}{Name(parameter.ParameterType)} {parameter.Name}{value}";
    }

    private static string Value(object? value) => value switch
    {
        null => "null",
        bool flag => flag ? "true" : "false",
        string text => $"\"{text}\"",
        Enum item => $"{Name(item.GetType())}.{item}",
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString()!,
    };

    private static string Name(Type type)
    {
        if (Keywords.TryGetValue(type, out var keyword))
            return keyword;
        if (type.HasElementType)
            return Name(type.GetElementType()!) + (type.IsArray ? $"[{new string(',', type.GetArrayRank() - 1)}]" : "");
        if (Nullable.GetUnderlyingType(type) is { } inner)
            return Name(inner) + "?";
        var outer = type.IsNested && !type.IsGenericParameter ? Name(type.DeclaringType!) + "." : "";
        if (!type.IsGenericType)
            return outer + type.Name;
        var arguments = string.Join(", ", type.GetGenericArguments().Select(Name));
        return type.IsAssignableTo(typeof(ITuple)) ? $"({arguments})" : $"{outer}{type.Name[..type.Name.IndexOf('`')]}<{arguments}>";
    }
}
