using Azure;

namespace MetaMessaging.Infrastructure.Media;

/// <summary>Failures of Azure Blob storage, or of the way to it.</summary>
internal static class BlobFailure
{
    public const string Reason = "The storage of media does not answer, or refuses the access.";

    /// <summary>After its retries the client throws all failures as one AggregateException; its time-out is a cancellation.</summary>
    public static bool Is(Exception exception, CancellationToken cancellationToken) => exception
        is RequestFailedException or AggregateException or IOException or HttpRequestException
        || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested);

    public static UnavailableException Unavailable(Exception exception) =>
        UnavailableException.OfStorage(Reason, new IOException(Describe(exception)));

    /// <summary>One line; the client's own message goes on with the headers of the answer.</summary>
    public static string Describe(Exception exception) => exception is RequestFailedException { Status: > 0 } refused
        ? FormattableString.Invariant($"Azure Blob storage answered {refused.Status} {refused.ErrorCode}.")
        : exception.GetBaseException().Message.ReplaceLineEndings(" ");
}
