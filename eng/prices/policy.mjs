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

/** Vendors of src/LlmGateway/Vendors/vendors.json that the source does not cover: their models have no price here. */
export const NOT_COVERED = {
  nvidia: "no provider in the source",
  huggingface: "a router: the source has one provider for each vendor behind it (huggingface_novita, …), and a reply does not say which answered",
  zhipu: "the source's zhipuai is the door in mainland China, which bills CNY; ours is z.ai, which bills USD",
  alibaba: "no provider in the source",
  sambanova: "no provider in the source; huggingface_sambanova is another door with prices of its own",
  github_models: "no provider in the source; github_copilot is billed by subscription",
  databricks: "no provider in the source",
  ollama: "runs on one's own machine: nothing is billed by the token",
  vllm: "as ollama",
  lmstudio: "as ollama",
  llamacpp: "as ollama",
  openai_compatible: "whichever server the address names",
};

/** A vendor that serves another's models at its prices: looked up there where it has no row of its own. */
export const INHERIT = {
  // The source keeps one provider for both of Google's doors. What differs at Vertex, its regions, is in hand.json.
  vertex: "gemini",
};

/** Gets rows of its own for OpenAI's models (see make.mjs): their ordinary price is the same, all else is not. */
export const AZURE = "azure_openai";

/** The source's fees, for a thousand, and what they are called here; null = not taken, but kept by hand in hand.json. */
export const FEES = {
  web_searches_kcount: "web_search",
  storage_searches_kcount: "file_search",
  // Perplexity bills a request by its search_context_size, of which the source has the dearest.
  requests_kcount: null,
  output_citation_mtok: null,
};

const UNVERIFIED = /Imported from OpenRouter|trusting open ?router|trusting (these|the original)|Seen on OpenRouter|Can't find pricing|assume that's input and output/i;
/** What these answer is speech, or nothing that tokens count; the source puts the price of speech where that of text belongs. */
const NOT_TOKENS = /(^|[-./:])(tts|whisper|voice|ocr|moderation|lyria)([-./:]|$)/i;
const MEDIA = /(^|[-./:])(audio|realtime|transcribe|live|image|sonic)([-./:]|$)/i;
const FEE_A_REQUEST = /search-preview|search-api|sonar/i;
const FINE_TUNE = /^ft:|\.ft-/i;

/** Rows that are left out one by one. */
const ONE_BY_ONE = {
  "aws/mistral.voxtral-mini-3b-2507": "Mistral bills speech by its length; how AWS does, the source does not say",
  "aws/mistral.voxtral-small-24b-2507": "as mistral.voxtral-mini-3b-2507",
  "openrouter/mistralai/voxtral-small-24b-2507": "Mistral bills speech by its length",
  "deepseek/deepseek-chat": "the source still has the price list that DeepSeek ended on 2025-09-05 (https://api-docs.deepseek.com/quick_start/pricing)",
  "deepseek/deepseek-reasoner": "the source still has the price list that DeepSeek ended on 2025-09-05 (https://api-docs.deepseek.com/quick_start/pricing)",
  "google/gemini-live-2.5-flash": "its images and video cost what its audio does, which the source does not say",
  "google/gemini-2.5-flash-preview": "its output had two prices, with and without thinking; the source has one",
  "minimax/MiniMax-M2": "the source inferred this price from one in CNY",
  "minimax/MiniMax-M2.1-highspeed": "the source inferred this price from one in CNY",
};

/** Names that the source gives to a row of another model, or that move between models while its row stands still. */
export const DROPPED_NAMES = {
  "x-ai/grok-latest": "moves from model to model while the row stands still",
  "groq/openai/gpt-oss-safeguard-20b": "another, smaller model than the row's",
  "mistral/mistral-large": "moves: the row is of the 2407 and 2411 snapshots, 2512 has its own",
  "mistral/mistral-large-latest": "moves: the row is of the 2407 and 2411 snapshots, 2512 has its own",
  "mistral/mistral-small-latest": "moves: the row gives no snapshot",
  "mistral/mistral-medium": "moves between 3.1 and 3.5",
  "mistral/mistral-medium-3": "the row is of 3.5",
  "openai/gpt-4o-mini-search-preview": "billed a search on top of tokens; a row of its own in hand.json",
  "openai/gpt-4o-mini-search-preview-2025-03-11": "billed a search on top of tokens; a row of its own in hand.json",
};

/** Rows that get no pattern: one of their snapshots costs something else, which the source's prefix takes in. */
export const EXACT_ONLY = {
  "openai/gpt-4o-realtime-preview": "2024-10-01 cost more",
  "openai/gpt-4o-mini-realtime-preview": "as gpt-4o-realtime-preview",
};

/** Exact names that the source covers only by a prefix that is no name. Each must match the row in the source. */
export const ADDED_NAMES = {
  "openai/gpt-4o-realtime-preview": ["gpt-4o-realtime-preview-2024-12-17", "gpt-4o-realtime-preview-2025-06-03"],
  "openai/gpt-4o-mini-realtime-preview": ["gpt-4o-mini-realtime-preview-2024-12-17"],
  // https://platform.claude.com/docs/en/about-claude/models/overview
  "anthropic/claude-2": ["claude-2.0", "claude-2.1"],
  "anthropic/claude-sonnet-4-0": ["claude-sonnet-4-20250514"],
};

/** Why a row of the source is left out, or null. */
export function leftOut(provider, model, priceKeys, knownKeys) {
  const id = model.id;
  const oneByOne = ONE_BY_ONE[`${provider}/${id}`];
  if (oneByOne) return oneByOne;
  if (FINE_TUNE.test(id)) return "a fine-tune, which the source prices by a prefix that takes in other bases; those that OpenAI lists are in hand.json";
  if (UNVERIFIED.test(model.price_comments ?? "")) return "the source itself has not verified the price with the vendor";
  if (priceKeys.length === 0) return isFree(provider, id) ? null : "no price";
  const unknown = priceKeys.filter((k) => !knownKeys.includes(k));
  if (unknown.length > 0) return `billed by ${unknown.join(", ")} too`;
  if (NOT_TOKENS.test(id)) return "not billed by tokens of text";
  if (MEDIA.test(id) && !priceKeys.some((k) => /_(audio|image)_/.test(k))) return "the source has no price for its audio or images";
  if (provider === "openrouter" && (FEE_A_REQUEST.test(id) || /deep-research/i.test(id))) return "billed a search on top of tokens; OpenRouter's replies say what they cost";
  if (/-online$/.test(id)) return "billed a request on top of tokens";
  if (!priceKeys.includes("input_mtok")) return "no price for input";
  if (!priceKeys.includes("output_mtok") && !isEmbedding(id)) return "no price for output";
  return null;
}

/** OpenRouter's free variants have no prices in the source and `:free` in their name. */
export const isFree = (provider, id) => provider === "openrouter" && id.endsWith(":free");

/** A model that searches at each request, and bills that. */
export const billedARequest = (id) => FEE_A_REQUEST.test(id);

/** A model that has no output to bill. */
export const isEmbedding = (id) => /embed|(^|[/-])bge-(?!reranker)/i.test(id);
