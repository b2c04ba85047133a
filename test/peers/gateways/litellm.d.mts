export const LITELLM_KEY: string;
export function startLitellm(asked: {
  readonly program: string;
  readonly base_url: string;
  readonly models: Readonly<Record<string, string>>;
}): Promise<{ readonly url: string; readonly output: () => string; readonly stop: () => Promise<void> }>;
