using System.Reflection;
using MediatR;

namespace MetaMessaging.ArchitectureTests;

internal static class Assemblies
{
    public static readonly Assembly Domain = Assembly.Load("MetaMessaging.Domain");
    public static readonly Assembly Application = Assembly.Load("MetaMessaging.Application");
    public static readonly Assembly Infrastructure = Assembly.Load("MetaMessaging.Infrastructure");
    public static readonly Assembly WebUI = Assembly.Load("MetaMessaging.WebUI");

    public static IReadOnlyList<Type> Requests { get; } =
        [.. Application.GetTypes()
            .Where(type => type is { IsAbstract: false, IsInterface: false } && type.IsAssignableTo(typeof(IBaseRequest)))];

    /// <summary>The area of a slice is the last part of its namespace: Inbound, Outbound, Conversations.</summary>
    public static string Area(this Type type) => type.Namespace![(type.Namespace!.LastIndexOf('.') + 1)..];

    /// <summary>What a type is as an implementation of an open generic interface or base class.</summary>
    public static IEnumerable<Type> As(this Type type, Type openGeneric)
    {
        IEnumerable<Type> ancestors = type.GetInterfaces();
        for (var ancestor = type.BaseType; ancestor is not null; ancestor = ancestor.BaseType) ancestors = ancestors.Append(ancestor);
        return ancestors.Where(ancestor => ancestor.IsGenericType && ancestor.GetGenericTypeDefinition() == openGeneric);
    }

    public static bool IsInternalSealed(this Type type) => type is { IsSealed: true, IsPublic: false, IsNestedPublic: false };
}
