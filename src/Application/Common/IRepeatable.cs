namespace MetaMessaging.Application.Common;

/// <summary>A request that is handled again from its beginning when its save ends by a deadlock. So whatever its handler does before and
/// beside that save may be done twice, and no scoped service that it uses keeps anything of the first try. A job needs none: it runs again
/// anyway.</summary>
public interface IRepeatable;
