using System.Text;
using MetaMessaging.Domain.Common;

namespace MetaMessaging.Domain.Conversations;

/// <summary>What a channel takes in one message (platform reference 3.2).</summary>
public static class MessagingLimits
{
    public const int MessengerTextCharacters = 2000;

    /// <summary>Bytes of UTF-8, not characters: 250 emoji fill it.</summary>
    public const int InstagramTextBytes = 1000;

    public static int TextLimit(Channel channel) =>
        channel is Channel.FacebookMessenger ? MessengerTextCharacters : InstagramTextBytes;

    /// <summary>How much of <see cref="TextLimit"/> the text uses, in that channel's unit.</summary>
    public static int TextLength(Channel channel, string text) =>
        channel is Channel.FacebookMessenger ? text.Length : Encoding.UTF8.GetByteCount(text);

    /// <exception cref="DomainException">text_too_long</exception>
    public static void EnsureTextFits(Channel channel, string text)
    {
        var length = TextLength(channel, text);
        if (length <= TextLimit(channel)) return;

        throw new DomainException("text_too_long", channel is Channel.FacebookMessenger
            ? $"Messenger takes {MessengerTextCharacters} characters; this text has {length}."
            : $"Instagram takes {InstagramTextBytes} bytes of UTF-8; this text has {length}. Emoji and accented letters count several bytes each.");
    }
}
