using System.CommandLine;
using System.Globalization;

namespace LlmGateway.Cli.Commands;

/// <summary>An option that takes a moment: a date, or a date and time; UTC where no offset is given.</summary>
internal static class TimeOption
{
    public static Option<DateTimeOffset?> Create(string name, string description) => new(name)
    {
        Description = $"{description}: 2026-08-17, or 2026-08-17T02:00:00Z",
        CustomParser = result =>
        {
            if (DateTimeOffset.TryParse(result.Tokens.Single().Value, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var moment)) return moment;
            result.AddError($"{name}: '{result.Tokens.Single().Value}' is no time; 2026-08-17 or 2026-08-17T02:00:00Z is expected.");
            return null;
        },
    };
}
