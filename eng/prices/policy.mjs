// What of the source is taken, under which of our vendor names, and what is left out and why.
// A row that is left out is unpriced: its cost is unknown (null), never a guess.

/** The source's provider id -> our vendor name. Providers that stand in neither table are unknown: the script stops. */
export const VENDORS = {
  anthropic: "anthropic",
  aws: "bedrock",
  azure: "azure_openai",
  cerebras: "cerebras",
  cloudflare: "cloudflare",
  cohere: "cohere",
  deepseek: "deepseek",
  fireworks: "fireworks",
  google: "gemini",
  groq: "groq",
  minimax: "minimax",
  mistral: "mistral",
  moonshotai: "moonshot",
  openai: "openai",
  openrouter: "openrouter",
  perplexity: "perplexity",
  together: "together",
  "x-ai": "xai",
};

/** A vendor that serves another's models at its list price: looked up there where it has no row of its own. */
export const INHERIT = {
  // The source does the same. It holds for Azure's Global deployments; regional ones carry a mark-up.
  azure_openai: "openai",
  // The source keeps one provider for both of Google's doors. It holds for Vertex's global endpoint.
  vertex: "gemini",
};

/** Prices of these are not asked when only tokens are counted: they are fees for tools, billed a call. */
export const TOOL_FEES = ["web_searches_kcount", "storage_searches_kcount"];

const UNVERIFIED = /Imported from OpenRouter|trusting open ?router|trusting (these|the original)|Seen on OpenRouter|Can't find pricing|assume that's input and output/i;
const NOT_TEXT = /(^|[-./:])(tts|audio|realtime|transcribe|whisper|voice|ocr|live|image|moderation|sonic|lyria)([-./:]|$)/i;
const FEE_A_REQUEST = /search-preview|deep-research|-online$|sonar/i;
const FINE_TUNE = /^ft:|\.ft-/i;

/** Rows that are left out one by one. */
const ONE_BY_ONE = {
  "deepseek/deepseek-chat": "the source still has the price list that DeepSeek ended on 2025-09-05 (https://api-docs.deepseek.com/quick_start/pricing)",
  "deepseek/deepseek-reasoner": "the source still has the price list that DeepSeek ended on 2025-09-05 (https://api-docs.deepseek.com/quick_start/pricing)",
  "google/gemini-2.5-flash-preview": "its output had two prices, with and without thinking; the source has one",
  "minimax/MiniMax-M2": "the source inferred this price from one in CNY",
  "minimax/MiniMax-M2.1-highspeed": "the source inferred this price from one in CNY",
};

/** Names that the source gives to a row of another model, or that move between models while its row stands still. */
export const DROPPED_NAMES = {
  "groq/openai/gpt-oss-safeguard-20b": "another, smaller model than the row's",
  "mistral/mistral-large": "moves: the row is of the 2407 and 2411 snapshots, 2512 has its own",
  "mistral/mistral-large-latest": "moves: the row is of the 2407 and 2411 snapshots, 2512 has its own",
  "mistral/mistral-small-latest": "moves: the row gives no snapshot",
  "mistral/mistral-medium": "moves between 3.1 and 3.5",
  "mistral/mistral-medium-3": "the row is of 3.5",
  "openai/gpt-4o-mini-search-preview": "billed a search on top of tokens",
  "openai/gpt-4o-mini-search-preview-2025-03-11": "billed a search on top of tokens",
};

/** Exact names that the source covers only by a prefix that is no name. Each must match the row in the source. */
export const ADDED_NAMES = {
  // https://platform.claude.com/docs/en/about-claude/models/overview
  "anthropic/claude-2": ["claude-2.0", "claude-2.1"],
  "anthropic/claude-sonnet-4-0": ["claude-sonnet-4-20250514"],
};

/** Why a row of the source is left out, or null. */
export function leftOut(provider, model, priceKeys, knownKeys) {
  const id = model.id;
  const oneByOne = ONE_BY_ONE[`${provider}/${id}`];
  if (oneByOne) return oneByOne;
  if (FINE_TUNE.test(id)) return "a fine-tune";
  if (UNVERIFIED.test(model.price_comments ?? "")) return "the source itself has not verified the price with the vendor";
  if (priceKeys.length === 0) return isFree(provider, id) ? null : "no price";
  const unknown = priceKeys.filter((k) => !knownKeys.includes(k));
  if (unknown.length > 0) return `billed by ${unknown.join(", ")} too`;
  if (NOT_TEXT.test(id)) return "not a text model";
  if (FEE_A_REQUEST.test(id)) return "billed a request or a search on top of tokens";
  if (!priceKeys.includes("input_mtok")) return "no price for input";
  if (!priceKeys.includes("output_mtok") && !isEmbedding(id)) return "no price for output";
  return null;
}

/** OpenRouter's free variants have no prices in the source and `:free` in their name. */
export const isFree = (provider, id) => provider === "openrouter" && id.endsWith(":free");

/** A model that has no output to bill. */
export const isEmbedding = (id) => /embed|(^|[/-])bge-(?!reranker)/i.test(id);
