namespace MetaMessaging.MetaSimulator.Graph;

/// <param name="Name">The name in faults and in the call log.</param>
/// <param name="NeedsToken">False for calls that carry the app secret instead.</param>
internal sealed record GraphOperation(string Name, Func<GraphCall, Task<object>> Handle, bool NeedsToken = true);

/// <summary>Finds the operation for a method and path. The first segment can be any kind of id, so ids are resolved last.</summary>
internal sealed class GraphRoutes
{
    private readonly Dictionary<(string Method, string Edge), GraphOperation> _edges = [];
    private readonly Dictionary<(string Method, string Path), GraphOperation> _exact = [];
    private readonly List<Func<GraphCall, GraphOperation?>> _nodes = [];

    public void Exact(string method, string path, GraphOperation operation) => _exact[(method, path)] = operation;

    /// <summary>Adds an edge for every node; the handler checks whether the node has it.</summary>
    public void Edge(string method, string edge, string name, Func<GraphCall, object> handle) =>
        EdgeAsync(method, edge, name, call => Task.FromResult(handle(call)));

    public void EdgeAsync(string method, string edge, string name, Func<GraphCall, Task<object>> handle) =>
        _edges[(method, edge)] = new GraphOperation(name, handle);

    /// <summary>Adds a node. The first one that recognises the id handles the call.</summary>
    public void Node(string name, Func<GraphCall, bool> recognises, Func<GraphCall, object> handle, string method = "GET")
    {
        var operation = new GraphOperation(name, call => Task.FromResult(handle(call)));
        _nodes.Add(call => call.Method == method && recognises(call) ? operation : null);
    }

    public GraphOperation? FindExact(string method, string[] path)
    {
        var joined = string.Join('/', path);
        if (_exact.TryGetValue((method, joined), out var operation)) return operation;
        return _exact.Keys.Any(key => key.Path == joined) ? throw GraphErrors.Unsupported(method, joined) : null;
    }

    public GraphOperation Resolve(GraphCall call)
    {
        if (call.Path.Length is 1)
        {
            return _nodes.Select(node => node(call)).FirstOrDefault(operation => operation is not null)
                ?? throw GraphErrors.Unsupported(call.Method, call.Path[0]);
        }

        var edge = call.Path[1];
        if (_edges.TryGetValue((call.Method, edge), out var found)) return found;
        throw _edges.Keys.Any(key => key.Edge == edge)
            ? GraphErrors.Unsupported(call.Method, call.Path[0])
            : GraphErrors.UnknownPath(string.Join('/', call.Path[1..]));
    }
}
