namespace LlmGateway.Sqlite;

/// <summary>All that is written to, over one connection.</summary>
internal sealed class Books
{
    public Books(Database database, string path, string owner)
    {
        Accounts = new AccountBook(database);
        Intents = new IntentBook(database, Accounts, owner);
        Calls = new CallBook(database);
        Recovery = new Recovery(database, Accounts, Calls, path, owner);
    }

    public AccountBook Accounts { get; }

    public IntentBook Intents { get; }

    public CallBook Calls { get; }

    public Recovery Recovery { get; }
}
