using System.Runtime.CompilerServices;
using LlmGateway.StructuredOutput.Streaming;

namespace LlmGateway.StructuredOutput;

internal sealed partial class StructuredAnswer
{
    /// <summary>The same while it is being written; the loop has the answer when the stream has ended.</summary>
    /// <exception cref="ResponseValidationException">The last answer allowed was still invalid.</exception>
    /// <exception cref="ProviderException">The provider failed, refused, or was cut off.</exception>
    /// <exception cref="ToolCallsRequestedException">The model wants the caller's tools first.</exception>
    public async IAsyncEnumerable<StructuredDelta<T>> StreamAsync<T>(AnswerLoop<T> loop, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        do
        {
            AnswerView? view = null;
            var ask = loop.Call.Asks;
            await foreach (var delta in router.StreamAsync(loop.Route, loop.Call, loop.Ask, cancellationToken).ConfigureAwait(false))
            {
                if (delta is RestartedDelta restarted)
                {
                    view = null;
                    yield return new RestartedDelta<T>(restarted.Provider, restarted.Model);
                    continue;
                }

                view ??= new AnswerView(loop.Plan.Mode, loop.Contract.IsWrapped, loop.Plan.AnswerTool);
                if (view.Add(delta)) yield return new PartialDelta<T>(view.Snapshot, ask);
            }

            await loop.TakeAsync(loop.Call.Reply!).ConfigureAwait(false);
        }
        while (!loop.IsDone);
    }

    /// <summary>The items of a list, each as soon as it is complete and valid. What has been handed out is held against the whole answer in the end.</summary>
    /// <remarks>Where another target begins the list anew, the items that were handed out must come again the same; they are withheld.</remarks>
    /// <param name="loop">The asks for the list; it asks once.</param>
    /// <param name="readerOf">Makes what takes the items out of a list.</param>
    /// <param name="cancellationToken">Ends it at once.</param>
    /// <exception cref="ResponseValidationException">An item, or the list as a whole, is invalid.</exception>
    /// <exception cref="ProviderException">The provider failed, refused, or was cut off.</exception>
    public async IAsyncEnumerable<TItem> StreamItemsAsync<TItem>(AnswerLoop<TItem[]> loop, Func<AnswerView, OutputPlan, ItemReader<TItem>> readerOf, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        IReadOnlyList<ValidationError> errors = [];
        AnswerView? view = null;
        ItemReader<TItem>? items = null;
        ItemReader<TItem>? before = null; // What took the items that were handed out, where the list was begun anew.
        await foreach (var delta in router.StreamAsync(loop.Route, loop.Call, loop.Ask, cancellationToken).ConfigureAwait(false))
        {
            if (delta is RestartedDelta)
            {
                if (items is not null && items.Count > (before?.Count ?? 0)) before = items;
                (view, items) = (null, null);
                continue;
            }

            view ??= new AnswerView(loop.Plan.Mode, loop.Contract.IsWrapped, loop.Plan.AnswerTool);
            items ??= readerOf(view, loop.Plan);
            if (!view.Add(delta)) continue;
            while (errors.Count == 0 && items.TryNext(out var reading))
            {
                if (items.Count <= before?.Count)
                {
                    if (!before.IsSame(items.Count - 1, items)) errors = [new($"/{items.Count - 1}", "was handed out as another item before the stream broke")];
                    continue;
                }

                if (reading.IsValid) reading = await items.CheckAsync(reading.Value, items.Count - 1).ConfigureAwait(false);
                errors = reading.Errors;
                if (reading.IsValid) yield return reading.Value;
            }

            if (errors.Count > 0) break; // The rest would be paid for, and be of no use.
        }

        view ??= new AnswerView(loop.Plan.Mode, loop.Contract.IsWrapped, loop.Plan.AnswerTool);
        items ??= readerOf(view, loop.Plan);
        if (errors.Count > 0) throw Invalid(loop, view.Text, Math.Max(items.Count - 1, before?.Count ?? 0), errors);
        var reply = loop.Call.Reply!;
        await loop.TakeAsync(reply).ConfigureAwait(false);
        if ((items.FindChange(loop.Answer) ?? before?.FindChange(loop.Answer)) is { } changed)
        {
            throw Invalid(loop, loop.Plan.AnswerOf(reply, loop.Ask.Request), Math.Max(items.Count, before?.Count ?? 0), [new($"/{changed}", "was handed out as it stood first, and is another in the whole answer")]);
        }

        // What could not be told to be the answer while it came.
        for (var i = Math.Max(items.Count, before?.Count ?? 0); i < loop.Answer.Length; i++)
        {
            var reading = await items.CheckAsync(loop.Answer[i], i).ConfigureAwait(false);
            if (!reading.IsValid) throw Invalid(loop, loop.Plan.AnswerOf(reply, loop.Ask.Request), i, reading.Errors);
            yield return reading.Value;
        }
    }

    private static ResponseValidationException Invalid<TItem>(AnswerLoop<TItem[]> loop, string text, int handedOut, IReadOnlyList<ValidationError> errors)
    {
        loop.Call.MarkInvalid();
        return new ResponseValidationException(
            FormattableString.Invariant($"The list of {typeof(TItem).Name} is not valid: {string.Join("; ", errors.Take(5))}{(errors.Count > 5 ? $"; and {errors.Count - 5} more" : "")}. {handedOut} item(s) had been handed out, so that the model was not asked again. RawText holds what it had written."),
            text, errors);
    }
}
