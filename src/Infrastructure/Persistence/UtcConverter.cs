using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace MetaMessaging.Infrastructure.Persistence;

/// <summary>Times are UTC in the database, and compare as such on both providers.</summary>
internal sealed class UtcConverter() : ValueConverter<DateTimeOffset, DateTime>(
    time => time.UtcDateTime,
    stored => new DateTimeOffset(DateTime.SpecifyKind(stored, DateTimeKind.Utc)));
