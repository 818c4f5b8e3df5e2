using System.Reflection;
using System.Reflection.Emit;

namespace Lfa.Testing;

/// <summary>Finds the types that a type uses: in its declaration, its members' and their code. Constants and names in documentation leave no trace.</summary>
public static class TypeReferences
{
    private const BindingFlags Declared = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    private static readonly Dictionary<short, OpCode> Codes = typeof(OpCodes).GetFields().Select(field => (OpCode)field.GetValue(null)!).ToDictionary(code => code.Value);

    /// <summary>Returns the types that a type uses, type arguments apart, without those of its nested types.</summary>
    public static IReadOnlySet<Type> Of(Type type)
    {
        var found = new HashSet<Type>();
        Add(type.BaseType);
        foreach (var one in type.GetInterfaces())
            Add(one);
        AddAttributes(type);
        AddConstraints(type.IsGenericType ? type.GetGenericArguments() : []);
        foreach (var field in type.GetFields(Declared))
        {
            Add(field.FieldType);
            AddAttributes(field);
        }
        foreach (var method in type.GetMethods(Declared).Cast<MethodBase>().Concat(type.GetConstructors(Declared)))
            AddMethod(method);
        return found;

        void AddMethod(MethodBase method)
        {
            AddAttributes(method);
            Add((method as MethodInfo)?.ReturnType);
            foreach (var parameter in method.GetParameters())
                Add(parameter.ParameterType);
            AddConstraints(method.IsGenericMethod ? method.GetGenericArguments() : []);
            if (method.GetMethodBody() is not { } body)
                return;
            foreach (var local in body.LocalVariables)
                Add(local.LocalType);
            foreach (var clause in body.ExceptionHandlingClauses.Where(clause => clause.Flags == ExceptionHandlingClauseOptions.Clause))
                Add(clause.CatchType);
            foreach (var token in Tokens(body.GetILAsByteArray()!))
                AddMember(method.Module.ResolveMember(token, type.IsGenericType ? type.GetGenericArguments() : null, method.IsGenericMethod ? method.GetGenericArguments() : null));
        }

        void AddMember(MemberInfo? member)
        {
            Add(member as Type ?? member?.DeclaringType);
            if (member is MethodInfo { IsGenericMethod: true } method)
            {
                foreach (var argument in method.GetGenericArguments())
                    Add(argument);
            }
        }

        void AddAttributes(MemberInfo member)
        {
            foreach (var attribute in member.GetCustomAttributesData())
                Add(attribute.AttributeType);
        }

        void AddConstraints(Type[] arguments)
        {
            foreach (var constraint in arguments.Where(argument => argument.IsGenericParameter).SelectMany(argument => argument.GetGenericParameterConstraints()))
                Add(constraint);
        }

        void Add(Type? used)
        {
            if (used is null || used.IsGenericParameter)
                return;
            if (used.HasElementType)
            {
                Add(used.GetElementType());
                return;
            }
            if (!found.Add(used.IsGenericType ? used.GetGenericTypeDefinition() : used) && !used.IsGenericType)
                return;
            foreach (var argument in used.IsGenericType ? used.GetGenericArguments() : [])
                Add(argument);
        }
    }

    /// <summary>Returns the tokens of members and types in code.</summary>
    private static IEnumerable<int> Tokens(byte[] code)
    {
        for (var at = 0; at < code.Length;)
        {
            var isLong = code[at] == 0xfe;
            var operation = Codes[isLong ? (short)((code[at] << 8) | code[at + 1]) : code[at]];
            at += isLong ? 2 : 1;
            if (operation.OperandType is OperandType.InlineMethod or OperandType.InlineField or OperandType.InlineType or OperandType.InlineTok)
                yield return BitConverter.ToInt32(code, at);
            at += operation.OperandType switch
            {
                OperandType.InlineNone => 0,
                OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
                OperandType.InlineVar => 2,
                OperandType.InlineI8 or OperandType.InlineR => 8,
                OperandType.InlineSwitch => 4 + (4 * BitConverter.ToInt32(code, at)),
                _ => 4,
            };
        }
    }
}
