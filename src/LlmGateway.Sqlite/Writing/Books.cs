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

    /// <summary>Writes what the books kept back to write it once. Must come before the transaction's end.</summary>
    public void Flush()
    {
        Accounts.Flush();
        Calls.Flush();
    }

    /// <summary>Forgets it, as the transaction does.</summary>
    public void Forget()
    {
        Accounts.Forget();
        Calls.Forget();
    }
}
