using LlmGateway.Sqlite.Gateway;

// gateway-worker vendor LOG                          a vendor that speaks Chat Completions and keeps its own count
// gateway-worker calls LEDGER URL LIMIT CALLS NAME   a gateway that makes so many calls of it, eight at a time
// Both are processes of their own, so that one can be killed and the other still knows what it was asked.
switch (args[0])
{
    case "vendor": await Vendor.RunAsync(args[1]); break;
    default: await Calls.RunAsync(args[1], args[2], args[3], args[4], args[5]); break;
}
