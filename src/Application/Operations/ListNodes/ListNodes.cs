namespace MetaMessaging.Application.Operations;

/// <summary>The running nodes, which serve all organizations.</summary>
public sealed record ListNodes : IRequest<NodesModel>;

/// <param name="HaveRedis">Whether they wake each other; otherwise an update takes up to three seconds to the other nodes.</param>
public sealed record NodesModel(IReadOnlyList<NodeModel> Nodes, bool HaveRedis);

internal sealed class ListNodesHandler(INodes nodes) : IRequestHandler<ListNodes, NodesModel>
{
    public async Task<NodesModel> Handle(ListNodes request, CancellationToken cancellationToken) =>
        new(await nodes.ListAsync(cancellationToken), nodes.HaveRedis);
}
