using System.Text.Json;

namespace LlmGateway.StructuredOutput.Streaming;

/// <summary>Takes the items out of a list that is being written, and reads each against the whole contract of its type.</summary>
internal sealed class ItemReader<TItem>(AnswerView view, OutputPlan plan, TypeContract<TItem> contract, Coercion coercion, Func<TItem, ValueTask<IEnumerable<ValidationError>>>? check)
{
    private readonly List<PartialJson> _taken = [];
    private int _cursor;
    private bool _isHeld;

    /// <summary>How many items have been taken.</summary>
    public int Count => _taken.Count;

    /// <summary>
    /// The next item that is complete, or its errors with their places in the list. Where something stands before the list, it
    /// may not be the answer: then there is none before the end. Nor is there behind an item that had to be mended, which only
    /// the whole can confirm.
    /// </summary>
    public bool TryNext(out Reading<TItem> reading)
    {
        reading = default;
        if (_isHeld || !view.IsFirst || !view.Snapshot.TryNextItem(ref _cursor, out var item)) return false;
        var read = Read(item);
        reading = read.Reading;
        _isHeld = reading.IsValid && read.Repairs.Count > 0;
        if (_isHeld) return false;
        if (!reading.IsValid) reading = Reading<TItem>.Invalid(At(Count, contract.IsWrapped ? [.. reading.Errors.Select(OutputContract.Unwrap)] : reading.Errors));
        _taken.Add(item);
        return true;
    }

    /// <summary>The caller's own check of an item.</summary>
    public async ValueTask<Reading<TItem>> CheckAsync(TItem item, int place)
    {
        if (check is null) return Reading<TItem>.Valid(item);
        List<ValidationError> errors = [.. await check(item).ConfigureAwait(false) ?? []];
        return errors.Count > 0 ? Reading<TItem>.Invalid(At(place, errors)) : Reading<TItem>.Valid(item);
    }

    /// <summary>The place of the first item taken that is not the same in the whole answer; null where all are.</summary>
    public int? FindChange(IReadOnlyList<TItem> whole)
    {
        if (view.IsAll && whole.Count == Count) return null;
        for (var i = 0; i < Count; i++)
        {
            if (i >= whole.Count || !Json(Read(_taken[i]).Reading.Value).SequenceEqual(Json(whole[i]))) return i;
        }

        return null;
    }

    /// <summary>Whether an item is the same in another's reading.</summary>
    public bool IsSame(int place, ItemReader<TItem> other)
        => other.Read(other._taken[place]).Reading is { IsValid: true } reading && Json(Read(_taken[place]).Reading.Value).SequenceEqual(Json(reading.Value));

    private static List<ValidationError> At(int place, IReadOnlyList<ValidationError> errors)
        => [.. errors.Select(error => error with { Pointer = FormattableString.Invariant($"/{place}{error.Pointer}") })];

    private AnswerResult<TItem> Read(PartialJson item)
    {
        var json = item.GetRawText()!;
        var result = Read(json);
        if (result.Reading.IsValid || !plan.HasNullsForAbsent) return result;
        using var list = JsonDocument.Parse($$"""{"{{OutputContract.WrapperMember}}":[{{json}}]}""");
        return Read(plan.Restore(list.RootElement).GetProperty(OutputContract.WrapperMember)[0].GetRawText());
    }

    private AnswerResult<TItem> Read(string json) => contract.Read(contract.IsWrapped ? $$"""{"{{OutputContract.WrapperMember}}":{{json}}}""" : json, coercion);

    private byte[] Json(TItem item) => JsonSerializer.SerializeToUtf8Bytes(item, contract.Reader);
}
