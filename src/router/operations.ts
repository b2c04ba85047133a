/** What clients can ask for: the path here and at the seller, the API that it belongs to, and how it differs. */
import type { UpstreamApi } from './config.ts';

export interface Operation {
  /** As OpenTelemetry names it. */
  readonly name: 'chat' | 'embeddings' | 'generate_content';
  readonly path: string;
  readonly api: UpstreamApi;
  readonly canStream: boolean;
  readonly makesImages: boolean;
}

const openai = { api: 'openai', canStream: false, makesImages: false } as const;

export const OPERATIONS: readonly Operation[] = [
  { ...openai, name: 'chat', path: '/chat/completions', canStream: true },
  { ...openai, name: 'embeddings', path: '/embeddings' },
  { ...openai, name: 'generate_content', path: '/images/generations', makesImages: true },
  { name: 'chat', path: '/messages', api: 'anthropic', canStream: true, makesImages: false },
];
