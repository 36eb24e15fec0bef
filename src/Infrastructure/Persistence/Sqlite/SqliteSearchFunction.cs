using SQLitePCL;

namespace MetaMessaging.Infrastructure.Persistence;

/// <summary>search_tokens(source, organization_id, occurred_at, channel, text, text): what the search's index holds of a row.</summary>
internal static class SqliteSearchFunction
{
    private static readonly delegate_function_scalar Function = (context, _, arguments) =>
    {
        var tokens = SearchTokens.OfRow(
            (SearchSource)raw.sqlite3_value_int(arguments[0]), raw.sqlite3_value_int64(arguments[1]), TextOf(arguments[2]),
            TextOf(arguments[3]), TextOf(arguments[4]), TextOf(arguments[5]));
        if (tokens is null) raw.sqlite3_result_null(context);
        else raw.sqlite3_result_text(context, tokens);
    };

    /// <summary>The triggers call it, so each connection that changes rows needs it.</summary>
    public static void Register(SqliteConnection connection) => SqliteException.ThrowExceptionForRC(
        raw.sqlite3_create_function(connection.Handle, "search_tokens", 6, raw.SQLITE_UTF8 | raw.SQLITE_DETERMINISTIC, null, Function),
        connection.Handle);

    private static string? TextOf(sqlite3_value value) =>
        raw.sqlite3_value_type(value) == raw.SQLITE_NULL ? null : raw.sqlite3_value_text(value).utf8_to_string();
}
