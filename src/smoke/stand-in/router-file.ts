/**
 * A configuration of the router that puts it before a stand-in: OpenAI's and Anthropic's models at its direct route, and the
 * gateway's in Azure's name, to which requests for `assistant` fall back. Its log goes into a folder beside it.
 */
export const routerFile = (origin: string): string => `# simulated: a stand-in answers; nothing is real, nothing is paid
routes:
  mini: {seller: openai, model: gpt-4o-mini}
  second: {seller: azure, model: gpt-4o-mini}
  large: {seller: openai, model: gpt-4o}
  embed: {seller: openai, model: text-embedding-3-small}
  haiku: {seller: anthropic, model: claude-haiku-4-5}
routing:
  policy: {kind: single}
  policies:
    or-second: {kind: fallback, first: mini, to: [second]}
  retries: {per_route: 1, base: 200 ms}
models: {assistant: or-second}
upstreams:
  openai: {base_url: "${origin}/direct/v1"}
  azure: {base_url: "${origin}/gateway/v1"}
  anthropic: {base_url: "${origin}/direct/v1", api: anthropic}
cache: {entries: 1000}
log: {dir: stand-in-log}
`;
