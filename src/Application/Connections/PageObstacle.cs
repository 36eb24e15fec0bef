using System.Text.Json.Serialization;

namespace MetaMessaging.Application.Connections;

/// <summary>Why a Page cannot be chosen.</summary>
public enum PageObstacle
{
    /// <summary>It was granted, but Meta gave no access to it.</summary>
    [JsonStringEnumMemberName("missing_permission")]
    MissingPermission,

    [JsonStringEnumMemberName("owned_by_other_organization")]
    OwnedByOtherOrganization,

    /// <summary>The person has a role on the Page that does not include its messages.</summary>
    [JsonStringEnumMemberName("no_messaging_task")]
    NoMessagingTask,
}
