export function startPortkey(asked: { readonly upstream_url: string; readonly config?: object }): Promise<
  | { readonly missing: string }
  | {
      readonly missing?: never;
      readonly url: string;
      readonly headers: Readonly<Record<string, string>>;
      readonly stop: () => Promise<void>;
    }
>;
