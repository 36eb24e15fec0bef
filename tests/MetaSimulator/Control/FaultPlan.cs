namespace MetaMessaging.MetaSimulator.Control;

/// <summary>The faults that are planned for the next calls.</summary>
internal sealed class FaultPlan
{
    private readonly Lock _lock = new();
    private readonly List<PlannedFault> _faults = [];
    private int _lastId;

    public IReadOnlyList<PlannedFault> All
    {
        get { lock (_lock) return [.. _faults]; }
    }

    public PlannedFault Add(PlannedFault fault)
    {
        lock (_lock)
        {
            var added = fault with { Id = ++_lastId };
            _faults.Add(added);
            return added;
        }
    }

    public bool Remove(int id)
    {
        lock (_lock) return _faults.RemoveAll(fault => fault.Id == id) > 0;
    }

    public void Clear()
    {
        lock (_lock) _faults.Clear();
    }

    /// <summary>Finds the first fault for this call, and counts one use of it.</summary>
    public PlannedFault? Take(string operation, string pageId, string? recipientId)
    {
        lock (_lock)
        {
            var index = _faults.FindIndex(fault =>
                (fault.Operation is "*" || string.Equals(fault.Operation, operation, StringComparison.OrdinalIgnoreCase))
                && (fault.PageId is null || fault.PageId == pageId)
                && (fault.RecipientId is null || fault.RecipientId == recipientId));
            if (index < 0) return null;

            var fault = _faults[index];
            if (fault.Skip > 0)
            {
                _faults[index] = fault with { Skip = fault.Skip - 1 };
                return null;
            }

            if (fault.Times is { } times)
            {
                if (times <= 1) _faults.RemoveAt(index);
                else _faults[index] = fault with { Times = times - 1 };
            }

            return fault;
        }
    }
}

internal enum FaultMoment
{
    /// <summary>The call has no effect.</summary>
    Before,

    /// <summary>The call takes effect, and the caller still gets the error.</summary>
    After,
}

/// <param name="Operation">An operation's name, or * for all.</param>
/// <param name="Times">How often; null until removed.</param>
/// <param name="Skip">How many matching calls pass first.</param>
/// <param name="Body">A body to answer in place of an error envelope, such as HTML.</param>
internal sealed record PlannedFault(
    string Operation = "*",
    int? Code = null,
    int? Subcode = null,
    int? HttpStatus = null,
    string? Message = null,
    int? Times = 1,
    int Skip = 0,
    int DelayMs = 0,
    FaultMoment When = FaultMoment.Before,
    bool DropConnection = false,
    string? Body = null,
    string? PageId = null,
    string? RecipientId = null)
{
    public int Id { get; init; }
}
