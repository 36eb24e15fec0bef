using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace MetaMessaging.Infrastructure.Persistence;

/// <summary>Stores a value as JSON text, for values that no query looks into.</summary>
internal sealed class JsonValueConverter<T>() : ValueConverter<T, string>(value => Serialize(value), stored => Deserialize(stored))
{
    private static string Serialize(T value) => JsonSerializer.Serialize(value);

    private static T Deserialize(string json) => JsonSerializer.Deserialize<T>(json)!;
}
