using Microsoft.Extensions.Time.Testing;

namespace LlmGateway.Tests.Fakes;

/// <summary>Lets a fake clock run until a task is over.</summary>
internal sealed class Driver(FakeTimeProvider time)
{
    public async Task RunAsync(Task task)
    {
        for (var i = 0; i < 100_000 && !task.IsCompleted; i++)
        {
            time.Advance(TimeSpan.FromMilliseconds(50));
            await Task.Yield();
        }

        await Task.WhenAny(task, Task.Delay(TimeSpan.FromSeconds(10)));
        Assert.True(task.IsCompleted, "The call did not end.");
    }
}
