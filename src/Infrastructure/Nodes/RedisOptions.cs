using StackExchange.Redis;

namespace MetaMessaging.Infrastructure.Nodes;

/// <summary>ConnectionStrings:Redis.</summary>
/// <param name="Configuration">Null without Redis.</param>
internal sealed record RedisOptions(ConfigurationOptions? Configuration)
{
    private const string ConnectionKey = "ConnectionStrings:Redis";

    /// <exception cref="SettingException">It is no connection string of Redis. Its text may hold a password and is left out.</exception>
    public static RedisOptions Read(IConfiguration configuration)
    {
        if (configuration.GetConnectionString("Redis") is not { Length: > 0 } text) return new RedisOptions(Configuration: null);
        try
        {
            var options = ConfigurationOptions.Parse(text);
            if (options.EndPoints.Count > 0)
            {
                options.AbortOnConnectFail = false;
                options.BacklogPolicy = BacklogPolicy.FailFast;   // a wake-up that comes late is of no use
                options.ReconnectRetryPolicy = new LinearRetry(1000);
                return new RedisOptions(options);
            }
        }
        catch (Exception exception) when (exception is ArgumentException or FormatException or OverflowException)
        {
            // Reported below.
        }

        throw new SettingException($"{ConnectionKey} is not a connection string such as localhost:6379 or redis:6380,ssl=true,password=….");
    }
}
