using FluentValidation;
using FluentValidation.Results;
using MetaMessaging.Application.Outbound;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace MetaMessaging.WebUI.Api.Outbound;

/// <summary>A multipart body with one file and nothing else, read as a stream, so that the file is not held in memory.</summary>
internal sealed class FileForm(MultipartReader parts)
{
    private const string FileField = "file";

    private readonly List<ValidationFailure> failures = [];

    /// <returns>Null when there is no file.</returns>
    /// <exception cref="ValidationException">There are other parts, too.</exception>
    public static async Task<FileOfForm?> ReadAsync(HttpRequest http, CancellationToken cancellationToken)
    {
        if (!MediaTypeHeaderValue.TryParse(http.ContentType, out var type)) return null;
        if (!type.MediaType.Equals("multipart/form-data", StringComparison.OrdinalIgnoreCase)) return null;
        if (HeaderUtilities.RemoveQuotes(type.Boundary).Value is not { Length: > 0 and <= 200 } boundary) return null;
        return await new FileForm(new MultipartReader(boundary, http.Body)).FindAsync(cancellationToken);
    }

    private async Task<FileOfForm?> FindAsync(CancellationToken cancellationToken)
    {
        var file = await NextFileAsync(cancellationToken);
        if (failures.Count > 0 && file is null) Refuse(FileField, UploadAttachment.FileMissing);
        ThrowIfRefused();
        return file is { } found ? new FileOfForm(new LastPart(found.Part.Body, this), found.FileName, found.Part.ContentType) : null;
    }

    private async Task RequireEndAsync(CancellationToken cancellationToken)
    {
        while (await NextFileAsync(cancellationToken) is not null) Refuse(FileField, "Send each file in a request of its own.");
        ThrowIfRefused();
    }

    private async Task<(MultipartSection Part, string? FileName)?> NextFileAsync(CancellationToken cancellationToken)
    {
        while (await NextAsync(cancellationToken) is { } part)
        {
            var header = ContentDispositionHeaderValue.TryParse(part.ContentDisposition, out var parsed) ? parsed : null;
            var name = HeaderUtilities.RemoveQuotes(header?.Name ?? "").Value ?? "";
            if (name == FileField)
                return (part, HeaderUtilities.RemoveQuotes(header!.FileNameStar.HasValue ? header.FileNameStar : header.FileName).Value);

            Refuse(name, "This field does not exist.");
        }

        return null;
    }

    private void Refuse(string field, string reason) => failures.Add(new ValidationFailure(field, reason));

    private void ThrowIfRefused()
    {
        if (failures.Count > 0) throw new ValidationException(failures);
    }

    private async Task<MultipartSection?> NextAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await parts.ReadNextSectionAsync(cancellationToken);
        }
        catch (Exception exception) when (exception is InvalidDataException || exception.GetType() == typeof(IOException))
        {
            throw new BadHttpRequestException("The multipart body cannot be read.", exception);
        }
    }

    /// <summary>Ends only when no other part follows, so that a file with another part behind it is never stored.</summary>
    private sealed class LastPart(Stream part, FileForm form) : Stream
    {
        public override bool CanRead => true;
        public override bool CanSeek => false;
        public override bool CanWrite => false;
        public override long Length => throw new NotSupportedException();
        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var length = await part.ReadAsync(buffer, cancellationToken);
            if (length == 0 && buffer.Length > 0) await form.RequireEndAsync(cancellationToken);
            return length;
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();
        public override void Flush() => throw new NotSupportedException();
        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
        public override void SetLength(long value) => throw new NotSupportedException();
        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}

internal sealed record FileOfForm(Stream Content, string? FileName, string? ContentType);
