using System.Net.Sockets;
using System.Reflection;
using Microsoft.Data.SqlClient;

namespace MetaMessaging.Infrastructure.Tests.Persistence;

internal static class SqlServerErrors
{
    public static SqlException Deadlock() => Error(1205, 13);

    public static SqlException LostConnection() => Error(10054, 20);

    /// <summary>SqlClient offers no way to make one. The innermost exception is the socket's, as in a real failure.</summary>
    public static SqlException Error(int number, byte severity)
    {
        const BindingFlags Internal = BindingFlags.Instance | BindingFlags.Static | BindingFlags.NonPublic;
        var error = typeof(SqlError).GetConstructors(Internal).MinBy(c => c.GetParameters().Length)!
            .Invoke([number, (byte)1, severity, "server", "message", "procedure", 1, null]);
        var errors = (SqlErrorCollection)Activator.CreateInstance(typeof(SqlErrorCollection), nonPublic: true)!;
        errors.GetType().GetMethod("Add", Internal)!.Invoke(errors, [error]);
        return (SqlException)typeof(SqlException)
            .GetMethod("CreateException", Internal, [typeof(SqlErrorCollection), typeof(string), typeof(Guid), typeof(Exception)])!
            .Invoke(null, [errors, "16.0", Guid.Empty, new SocketException()])!;
    }
}
