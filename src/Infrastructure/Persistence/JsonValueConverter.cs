using System.Text.Json.Serialization;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace MetaMessaging.Infrastructure.Persistence;

/// <summary>Stores a value as JSON text, for values that no query looks into.</summary>
internal sealed class JsonValueConverter<T>() : ValueConverter<T, string>(value => Serialize(value), stored => Deserialize(stored))
{
    /// <summary>Enums are stored by name, as in columns.</summary>
    private static readonly JsonSerializerOptions Options = new() { Converters = { new JsonStringEnumConverter() } };

    private static string Serialize(T value) => JsonSerializer.Serialize(value, Options);

    private static T Deserialize(string json) => JsonSerializer.Deserialize<T>(json, Options)!;
}
